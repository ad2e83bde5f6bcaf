import type { Attestations } from "../aws/ecr/attestations.ts";
import type { ImageScan } from "../aws/ecr/image-scan.ts";
import type { Scaling } from "../aws/scaling/read-scaling.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import type { Deps } from "../deps.ts";
import type { DomainStatus } from "../domain/domain-status.ts";
import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import type { HolderSight, StatusDocument } from "../views/status.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

const options = { watch: onOff("--watch", "draw it again every two seconds") };

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
export const status = stackVerb({
  name: "status",
  summary: "shows versions, weights, instances, alarms and what the address answers",
  options,
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { openTarget } = await import("../target/open-target.ts");
    const { requireStack } = await import("../target/require-stack.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    // Once: Route53 answers five calls a second for the whole account.
    const domains = await lookAtDomains(deps, target, stack);
    const seen: SeenImages = { scans: new Map(), attestations: new Map() };
    let document = await look(deps, target, stack, domains, seen);
    await print(deps, flags, own, document);
    while (own.watch && deps.isRead() && !deps.interrupts.aborted.aborted) {
      await deps.clock.sleep(watchMilliseconds, deps.interrupts.aborted).catch(() => undefined);
      if (!deps.interrupts.aborted.aborted) {
        document = await look(deps, target, stack, domains, seen);
        if (deps.interactive && !flags.json) {
          deps.clearScreen();
        }
        await print(deps, flags, own, document);
      }
    }
    return document.healthy ? exitCodes.done : exitCodes.failed;
  },
});

async function look(
  deps: Pick<Deps, "clock" | "fetch" | "interrupts" | "reporter">,
  { aws, config, store }: Target,
  stack: StackRecord,
  domains: readonly DomainStatus[],
  seen: SeenImages,
): Promise<StatusDocument> {
  const { addressQuestion } = await import("../release/observe/address.ts");
  const { allAlarms } = await import("../release/observe/alarms.ts");
  const { observeStack } = await import("../release/observe/observe-stack.ts");
  const { readJournal } = await import("../state/journal.ts");
  const { createApiKeys, keyedFetch } = await import("../target/parts/api-keys.ts");
  const { createParts } = await import("../target/stack-parts.ts");
  const { statusDocument } = await import("../views/status.ts");
  const { scalingStatus } = await import("../views/parts/status-scaling.ts");
  const { scanStatus } = await import("../views/parts/status-scan.ts");

  const { outputs } = stack;
  const fetch =
    stack.key_group === undefined
      ? deps.fetch
      : keyedFetch(deps, createApiKeys(deps, { aws, config }), deps.fetch);
  const sources = { ...createParts(aws, outputs), store, fetch };
  const [snapshot, journal, holder] = await Promise.all([
    observeStack(sources, allAlarms(outputs), addressQuestion(config, outputs.url)),
    readJournal(store),
    seeHolder(store),
  ]);
  const stored = await lookAtSecrets(deps, { aws, config }, snapshot.releases);
  const document = statusDocument(stack, snapshot, journal, holder, domains, stored);
  if (document.active === null) return document;
  const image = {
    repository: outputs.repository_name,
    digest: document.active.digest,
    platform: config.image.platform,
  };
  const [scan, found, scaling] = await Promise.all([
    lookAtScan(deps, aws, image, seen),
    lookAtAttestations(deps, aws, image, seen),
    lookAtScaling(deps, aws, outputs.autoscaling_group_names[document.active.colour]),
  ]);
  const name = `${outputs.repository_url}@${image.digest}`;
  return {
    ...document,
    ...(scan === undefined ? {} : { scan: scanStatus(scan) }),
    ...(found === undefined ? {} : { attestations: { image: name, ...found } }),
    ...(scaling === undefined
      ? {}
      : { scaling: scalingStatus(snapshot, document.active.colour, scaling) }),
  };
}

interface ServingImage {
  readonly repository: string;
  readonly digest: string;
  /** OS/ARCHITECTURE */
  readonly platform: string;
}

/** By the digests of images: what does not change any more. */
interface SeenImages {
  readonly scans: Map<string, ImageScan>;
  readonly attestations: Map<string, Attestations>;
}

/** A stack is shown without this when Route53 or ACM cannot be asked. */
async function lookAtDomains(
  deps: Pick<Deps, "clock" | "publicDns" | "reporter">,
  target: Target,
  { outputs }: StackRecord,
): Promise<readonly DomainStatus[]> {
  if (target.config.domains.length === 0) return [];
  const { listenerCertificate } = await import("../aws/dns/certificate.ts");
  const { readDomainStatus } = await import("../domain/domain-status.ts");
  const { describeLine } = await import("../errors/describe.ts");
  const { domainSources } = await import("../target/parts/domain-sources.ts");

  const { aws, config } = target;
  const certificate = async () =>
    listenerCertificate(await aws.loadBalancing(), await aws.acm(), outputs.listener_arn);
  try {
    const sources = { ...domainSources(deps, target), certificate };
    return await readDomainStatus(config, sources, deps.clock.now());
  } catch (error) {
    const text = `the domains could not be checked: ${describeLine(error)}`;
    deps.reporter.notify({ type: "warning", text });
    return [];
  }
}

/** A stack is shown without this when Secrets Manager cannot be asked. */
async function lookAtSecrets(
  deps: Pick<Deps, "reporter">,
  { aws, config }: Pick<Target, "aws" | "config">,
  releases: readonly Pick<ReleaseRecord, "container">[],
): Promise<readonly StoredSecret[] | undefined> {
  if (releases.every(({ container }) => Object.keys(container.secrets).length === 0)) return [];
  const { listSecrets } = await import("../aws/secrets/list-secrets.ts");
  const { secretPrefix } = await import("../target/target.ts");
  return orWarn(deps, "the secrets could not be checked", async () =>
    listSecrets(await aws.secretsManager(), secretPrefix(config)),
  );
}

/** Asks for each image until its scan is over. A stack is shown without this when the registry cannot be asked. */
async function lookAtScan(
  deps: Pick<Deps, "reporter">,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { scans }: SeenImages,
): Promise<ImageScan | undefined> {
  const known = scans.get(digest);
  if (known !== undefined) return known;
  const { readImageScan, scannedDigest } = await import("../aws/ecr/image-scan.ts");
  return orWarn(deps, "the registry's scan could not be read", async () => {
    const ecr = await aws.ecr();
    const scanned = await scannedDigest(ecr, repository, digest, platform);
    const scan = await readImageScan(ecr, repository, scanned);
    if (scan.state !== "pending") scans.set(digest, scan);
    return scan;
  });
}

/** A stack is shown without this when Auto Scaling cannot be asked. */
async function lookAtScaling(
  deps: Pick<Deps, "reporter">,
  aws: Pick<Target["aws"], "autoScaling">,
  group: string,
): Promise<Scaling | undefined> {
  const { readScaling } = await import("../aws/scaling/read-scaling.ts");
  return orWarn(deps, "the scaling policies could not be read", async () =>
    readScaling(await aws.autoScaling(), group),
  );
}

/** Undefined, and a warning with the error's words, when the work fails. */
async function orWarn<T>(
  { reporter }: Pick<Deps, "reporter">,
  what: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { describeLine } = await import("../errors/describe.ts");
    reporter.notify({ type: "warning", text: `${what}: ${describeLine(error)}` });
    return undefined;
  }
}

/** A stack is shown without this when the registry cannot be asked. */
async function lookAtAttestations(
  deps: Pick<Deps, "reporter">,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { attestations }: SeenImages,
): Promise<Attestations | undefined> {
  const known = attestations.get(digest);
  if (known !== undefined) return known;
  const { readAttestations } = await import("../aws/ecr/attestations.ts");
  return orWarn(deps, "the image's SBOM could not be looked for", async () => {
    const found = await readAttestations(await aws.ecr(), repository, digest, platform);
    attestations.set(digest, found);
    return found;
  });
}

async function seeHolder(store: Pick<ObjectStore, "get">): Promise<HolderSight | undefined> {
  const { lookForHolder, readLock } = await import("../lock/lock-store.ts");
  const { holderName } = await import("../lock/lock-text.ts");
  const { systemProcesses } = await import("../process/processes.ts");

  const found = await readLock(store);
  if (found?.lock === undefined) {
    return undefined;
  }
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}

async function print(
  deps: Pick<Deps, "args" | "clock" | "out">,
  { json }: Pick<GlobalFlags, "json">,
  { watch }: Values<typeof options>,
  document: StatusDocument,
): Promise<void> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { statusText } = await import("../views/status.ts");

  deps.out(
    json
      ? // One document a line.
        `${JSON.stringify(document, undefined, watch ? 0 : 2)}\n`
      : completeCommands(statusText(document, deps.clock.now()), deps.args),
  );
}

const watchMilliseconds = 2000;
