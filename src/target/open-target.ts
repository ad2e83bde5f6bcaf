import { join } from "node:path";
import { openSandbox, type OpenSandbox } from "../../sandbox/src/lifecycle/open-sandbox.ts";
import type { AwsClients } from "../aws/clients.ts";
import { createCallWatch } from "../aws/watch-calls.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { requireAttester } from "../image/attest/attester.ts";
import { requireBuildKit } from "../image/dockerfile/builder.ts";
import { requireVariables } from "../image/dockerfile/inputs.ts";
import {
  refuseHomeInContext,
  refuseProjectStateInContext,
} from "../image/refuse-state-in-context.ts";
import { imageSource } from "../image/source.ts";
import { refuseFullDisk } from "../process/free-space.ts";
import { openStateHome, stateHome } from "../process/state-home.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { createObjectStore } from "../state/object-store.ts";
import { openAccess, rehearsalAccess, type Access } from "./access/access.ts";
import { checkEssentials, type Tool } from "./access/essentials.ts";
import { checkStatePlace, rehearsed } from "./parts/state-place.ts";
import type { Target } from "./target.ts";

export type TargetDeps = Pick<
  Deps,
  "clock" | "connect" | "env" | "interactive" | "interrupts" | "reporter" | "run"
>;

export interface TargetFlags {
  readonly profile: string | undefined;
  /** Name of the local region to work in; undefined works on AWS. */
  readonly sandbox: string | undefined;
  readonly debug: boolean;
}

interface Connection {
  readonly sandbox: OpenSandbox | undefined;
  readonly access: Access;
  readonly aws: AwsClients;
}

/**
 * Finds out who and where we are, and what the verb lacks.
 * Throws CommandError (64) before anything is touched.
 */
export async function openTarget(
  deps: TargetDeps,
  { profile, sandbox: name, debug }: TargetFlags,
  { config: asked, root, placeOf }: LoadedConfig,
  needs: {
    readonly tools: readonly Tool[];
    /** Whether the verb makes the domain's zone. Otherwise the local region has it, as an account usually does. */
    readonly makesZone?: boolean;
  },
): Promise<Target> {
  const config = name === undefined ? asked : rehearsed(asked);
  const { region } = config;
  const projectState = join(root, ".infer-deploy");
  await checkPlaces(deps.env, { config, root, placeOf }, needs.tools, {
    projectState: name === undefined ? projectState : undefined,
  });
  const { sandbox, access, aws } = await connect(
    deps,
    { profile, sandbox: name },
    needs.makesZone === true ? { ...config, zone: null } : config,
  );
  const identity = await checkEssentials(deps, { aws, access, region }, needs.tools);
  if (needs.tools.includes("engine") && config.image.attest === "required") {
    await requireAttester(deps.run, placeOf(["image", "attest"]), deps.interrupts.aborted);
  }
  if (needs.tools.includes("engine") && config.image.secrets.length > 0) {
    const { secrets } = config.image;
    requireVariables(deps.env, secrets, (id) => placeOf(["image", "secrets", id]));
    await requireBuildKit(deps.run, placeOf(["image", "secrets"]));
  }
  if (debug) {
    const text = `AWS knows this run as ${identity.arn}, by ${access.source()}`;
    deps.reporter.notify({ type: "note", text });
  }
  return {
    config,
    root,
    placeOf,
    aws,
    identity,
    ...(await openStore(deps, aws, identity.account, config)),
    access,
    stateFolder: sandbox?.folder ?? stateHome(deps.env),
    localState: sandbox === undefined ? projectState : join(sandbox.folder, "local"),
  };
}

/** Throws CommandError (64) where this run's files or Terraform's state cannot be. `projectState` is undefined in a rehearsal. */
async function checkPlaces(
  env: Deps["env"],
  { config, root, placeOf }: Pick<LoadedConfig, "config" | "placeOf" | "root">,
  tools: readonly Tool[],
  { projectState }: { readonly projectState: string | undefined },
): Promise<void> {
  if (tools.includes("terraform")) {
    if (projectState !== undefined) checkStatePlace(config, env, placeOf(["state", "backend"]));
    await openStateHome(env);
    await refuseFullDisk(stateHome(env));
  }
  if (tools.includes("engine") && config.image.ref === null) {
    const source = imageSource(config, root, {});
    await refuseHomeInContext(stateHome(env), source);
    if (config.state.backend === "local" && projectState !== undefined) {
      await refuseProjectStateInContext(projectState, source);
    }
  }
}

/** The way to AWS or to the local region. Calls nothing on AWS yet. */
export async function connect(
  deps: TargetDeps,
  { profile, sandbox: name }: Pick<TargetFlags, "profile" | "sandbox">,
  config: Pick<LoadedConfig["config"], "domains" | "region" | "zone">,
): Promise<Connection> {
  const { region } = config;
  const sandbox = name === undefined ? undefined : await openSandbox(deps, name, config);
  const access =
    sandbox === undefined
      ? await openAccess(deps, profile, region)
      : await rehearsalAccess(sandbox.credentials, sandbox.environment, sandbox.name);
  const warn = (text: string): void => deps.reporter.notify({ type: "warning", text });
  const aws = deps.connect({
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(sandbox === undefined ? {} : { endpoint: sandbox.endpoint }),
    credentials: access.credentials,
    requestHandler: access.requestHandler,
    watch: createCallWatch({
      now: () => deps.clock.now().getTime(),
      warn,
      signal: deps.interrupts.aborted,
    }),
  });
  return { sandbox, access, aws };
}

/** The stack's part of the account's state bucket. Calls nothing on AWS. */
export async function openStore(
  { clock }: Pick<Deps, "clock">,
  aws: Pick<AwsClients, "s3">,
  account: string,
  { name, environment, region }: Pick<LoadedConfig["config"], "name" | "environment" | "region">,
): Promise<Pick<Target, "bucket" | "prefix" | "store">> {
  const bucket = stateBucketName(account, region);
  const prefix = nameStack(name, environment, region).state_prefix;
  const store = createObjectStore(await aws.s3(), { bucket, prefix, owner: account }, clock.sleep);
  return { bucket, prefix, store };
}
