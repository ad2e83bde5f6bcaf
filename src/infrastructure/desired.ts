import type { MachineImage } from "../aws/machine-image.ts";
import type { ImageKind } from "../aws/newest-image.ts";
import { isGpuType } from "../config/fields/gpu-types.ts";
import type { Config } from "../config/schema/config.ts";
import type { LoginEndpoints } from "../stack/stack-input.ts";
import type { Colour } from "../stack/colour.ts";
import { nameStack } from "../stack/names.ts";
import { desiredStack, type Beside } from "../stack/stack.ts";
import { readableModels, readableSecrets } from "../stack/readable.ts";
import { chooseZones, needsZones, type Zone } from "../stack/zones.ts";
import type { AppliedFacts } from "../state/stack-record.ts";
import { filesHash, renderStack } from "../terraform/render/render-stack.ts";
import { loadTemplates } from "../terraform/render/template-files.ts";
import { appliedEndpoints } from "./door/login.ts";
import { stackFolder } from "./local-record.ts";

/** The stack that the configuration asks for: rendered files, before they are written or Terraform runs. */
export interface Desired {
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 over the files. It does not depend on the serving colour. */
  readonly hash: string;
  /** Where Terraform works. */
  readonly folder: string;
  readonly amiId: string;
  readonly amiArchitecture: Architecture;
  readonly amiKind: ImageKind;
  /** The zones of the subnets, in their order; empty in an existing VPC. */
  readonly zones: readonly string[];
  /** ARN of the rule group that has the API keys; null where a request needs none, and before it is made. */
  readonly keyGroup: string | null;
  /** Names of the secrets that instances may read. */
  readonly secrets: readonly string[];
  /** What instances may read of models in S3, as BUCKET/PREFIX. */
  readonly models: readonly string[];
  /** How instances reach the internet. */
  readonly egress: Config["network"]["egress"];
  /** Most instances of a colour. */
  readonly max: number;
  /** Whether the stack also has the other topology's parts, and which of them the address leads to; null for the stack as it stays. */
  readonly beside: Beside | null;
}

export type Architecture = NonNullable<AppliedFacts["ami_architecture"]>;

/** The inputs of the rendered files. */
export interface DesiredSources {
  readonly config: Config;
  readonly account: string;
  /** Where this machine keeps its files about stacks. */
  readonly stateFolder: string;
  /** AMI id of its maker's newest image. */
  readonly newestImage: (architecture: Architecture, kind: ImageKind) => Promise<string>;
  /** Throws CommandError (64) unless instances can start from the machine image. */
  readonly checkMachineImage: (image: MachineImage) => Promise<void>;
  /** The region's availability zones. */
  readonly zones: () => Promise<readonly Zone[]>;
  /** ARN of the stack's rule group for API keys; undefined when there is none yet. */
  readonly keyGroup: () => Promise<string | undefined>;
  /** Where the login of `auth: oidc` goes. Throws CommandError (64) when the issuer cannot be used. */
  readonly loginEndpoints: () => Promise<LoginEndpoints>;
  /** The serving colour of an applied stack; undefined when its listener is gone. */
  readonly servingColour: (applied: AppliedFacts) => Promise<Colour | undefined>;
}

/**
 * Renders the stack. It keeps the machine image that was applied last, so that a newer image never replaces a fleet by surprise.
 * `refreshAmi` takes the newest image. So does another processor, because the old image does not boot on it, and a step to or from a GPU
 * type. An image that the configuration names is used as is.
 */
export async function resolveDesired(
  sources: DesiredSources,
  applied: AppliedFacts | undefined,
  options: {
    readonly refreshAmi: boolean;
    /** Colour of the last good release, used when the listener is gone. */
    readonly lastColour?: Colour | undefined;
    /** ARN of the rule group that was just made. */
    readonly keyGroup?: string;
    /** Adds the other topology's parts, while the stack moves from one to the other. */
    readonly beside?: Beside;
  },
): Promise<Desired> {
  const { config } = sources;
  const { beside = null } = options;
  const architecture = architectureOf(config);
  const kind = imageKindOf(config);
  const [amiId, zones, seenColour, keyGroup, login, templates] = await Promise.all([
    chooseImage(sources, applied, options.refreshAmi),
    resolveZones(sources, applied),
    applied === undefined ? undefined : sources.servingColour(applied),
    config.auth === "keys"
      ? (options.keyGroup ?? applied?.key_group ?? sources.keyGroup())
      : undefined,
    config.auth === "oidc"
      ? (appliedEndpoints(config, applied) ?? sources.loginEndpoints())
      : undefined,
    loadTemplates(),
  ]);
  const servingColour = seenColour ?? options.lastColour;
  const secrets = readableSecrets(config, applied?.secrets);
  const models = readableModels(config, applied?.models);
  const facts = {
    account: sources.account,
    amiId,
    zones,
    readableSecrets: secrets,
    readableModels: models,
    ...(config.auth === "keys" ? { keyGroup: keyGroup ?? noGroupYet(config, sources) } : {}),
    ...(login === undefined ? {} : { login }),
  };
  const files = renderStack(
    desiredStack(config, servingColour === undefined ? facts : { ...facts, servingColour }, beside),
    templates,
  );
  return {
    files,
    // Without the colour, because a release moves traffic without changing the desired stack.
    hash: filesHash(renderStack(desiredStack(config, facts, beside), templates)),
    folder: stackFolder(sources.stateFolder, sources.account, config),
    amiId,
    amiArchitecture: architecture,
    amiKind: kind,
    zones,
    secrets,
    models,
    keyGroup: keyGroup ?? null,
    egress: config.network.egress,
    max: config.instances.max,
    beside,
  };
}

/** `plan` shows what `up` would do before there is a rule group. No group has this id. */
function noGroupYet(
  { name, environment, region }: Config,
  { account }: Pick<DesiredSources, "account">,
): string {
  const { id } = nameStack(name, environment, region);
  return `arn:aws:wafv2:${region}:${account}:regional/rulegroup/${id}/00000000-0000-0000-0000-000000000000`;
}

/** The machine image's id. One that was applied was looked at before, unless the disk is smaller now. */
async function chooseImage(
  { checkMachineImage, config, newestImage }: DesiredSources,
  applied: AppliedFacts | undefined,
  refreshAmi: boolean,
): Promise<string> {
  const { machineImage, diskGb } = config.instances;
  const architecture = architectureOf(config);
  const kind = imageKindOf(config);
  const kept = refreshAmi ? undefined : keptImage(applied, architecture, kind);
  const id = machineImage ?? kept ?? (await newestImage(architecture, kind));
  // Canonical's disk is as small as instances.disk can be.
  const isKnown = machineImage === null && kind === "ubuntu";
  const isApplied = id === applied?.ami_id && diskGb >= (applied.disk_gb ?? 0);
  if (!isKnown && !isApplied) await checkMachineImage({ id, architecture, diskGb });
  return id;
}

/** The image that was applied; undefined where another processor or a GPU needs another one. */
export function keptImage(
  applied: Pick<AppliedFacts, "ami_id" | "ami_architecture" | "ami_kind"> | undefined,
  architecture: Architecture,
  kind: ImageKind,
): string | undefined {
  const isSame =
    (applied?.ami_architecture ?? architecture) === architecture &&
    (applied?.ami_kind ?? "ubuntu") === kind;
  return isSame ? applied?.ami_id : undefined;
}

/** A stack keeps the zones that it has. In an existing VPC the subnets decide, so there are none here. */
async function resolveZones(
  { config, zones }: DesiredSources,
  applied: AppliedFacts | undefined,
): Promise<readonly string[]> {
  const { vpc, zones: wanted } = config.network;
  if (vpc !== null) return [];
  if (applied === undefined || applied.zones !== undefined) {
    const choice = { wanted, kept: applied?.zones };
    return chooseZones({ ...choice, zones: needsZones(choice) ? await zones() : undefined });
  }
  // The first versions took the first zones by name and did not write them down.
  const all = await zones();
  const count = typeof wanted === "number" ? wanted : 2;
  const kept = all.map(({ name }) => name).toSorted();
  return chooseZones({ wanted, kept: kept.slice(0, count), zones: all });
}

/** Which machine image the instances need, unless the configuration names one. */
export function imageKindOf({ instances }: Pick<Config, "instances">): ImageKind {
  return isGpuType(instances.type) ? "gpu" : "ubuntu";
}

export function architectureOf({ image }: Pick<Config, "image">): Architecture {
  return image.platform === "linux/arm64" ? "arm64" : "amd64";
}
