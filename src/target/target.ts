import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AwsClients } from "../aws/clients.ts";
import type { Identity } from "../aws/identity.ts";
import { createObjectStore, type ObjectStore } from "../state/object-store.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Config } from "../config/schema/schema.ts";
import type { Deps } from "../deps.ts";
import { CommandError } from "../errors/command-error.ts";
import { stateHome } from "../process/state-home.ts";
import { checkEssentials, type Tool } from "./essentials.ts";
import type { AddressQuestion } from "../release/observe/address.ts";
import { parseStackRecord, type StackRecord } from "../state/stack-record.ts";
import { openSandbox } from "../../sandbox/src/lifecycle/open-sandbox.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import type { GlobalFlags } from "./flags.ts";

/** The stack that a verb works on: the config, and the account and region that hold it. */
export interface Target {
  readonly config: Config;
  /** The folder of infer-deploy.yml, from which its paths are meant. */
  readonly root: string;
  readonly aws: AwsClients;
  readonly identity: Identity;
  readonly bucket: string;
  readonly prefix: string;
  readonly store: ObjectStore;
  /** Environment of the terraform binary. */
  readonly terraformEnv: Readonly<Record<string, string | undefined>>;
  /** Where this machine keeps what it knows of stacks; a sandbox has its own and takes it along when it goes. */
  readonly stateFolder: string;
}

/**
 * Finds out who and where we are.
 * Throws CommandError (64) before anything is touched.
 */
export async function openTarget(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  needs: { readonly tools: readonly Tool[] },
): Promise<Target> {
  const { config, root } = loaded;
  const sandbox =
    flags.sandbox === undefined ? undefined : await openSandbox(deps, flags.sandbox, config);
  const aws = deps.connect({
    region: config.region,
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    ...(sandbox === undefined
      ? {}
      : { endpoint: sandbox.endpoint, credentials: sandbox.credentials }),
  });
  const identity = await checkEssentials(deps, aws, config.region, needs.tools);
  const bucket = stateBucketName(identity.account, config.region);
  const prefix = nameStack(config.name, config.environment, config.region).state_prefix;
  return {
    config,
    root,
    aws,
    identity,
    bucket,
    prefix,
    store: createObjectStore(await aws.s3(), bucket, prefix),
    terraformEnv: {
      ...(flags.profile === undefined ? {} : { AWS_PROFILE: flags.profile }),
      ...sandbox?.environment,
    },
    stateFolder: sandbox?.folder ?? stateHome(deps.env),
  };
}

/** What was applied last; undefined when `up` has never finished here. */
export async function readStackRecord(target: Target): Promise<StackRecord | undefined> {
  const stored = await target.store.get("stack.json");
  return stored === undefined ? undefined : parseStackRecord(stored.value);
}

/** Throws CommandError when the stack was never brought up. */
export async function requireStack(target: Target): Promise<StackRecord> {
  const stack = await readStackRecord(target);
  if (stack !== undefined) {
    return stack;
  }
  const { name, environment, region } = target.config;
  const elsewhere = await knownRegions(target);
  throw new CommandError(`${name} (${environment}) is not deployed in ${region}.`, {
    ...(elsewhere.length === 0
      ? {}
      : { why: `from this machine it was deployed in ${elsewhere.join(" and ")}` }),
    next:
      elsewhere.length === 0
        ? "infer-deploy up"
        : `the same with --region ${elsewhere[0]}, or infer-deploy up for one more stack here`,
  });
}

/** Other regions in which this machine has worked on a stack of this name. */
async function knownRegions(target: Target): Promise<readonly string[]> {
  const { name, environment, region } = target.config;
  const folder = join(target.stateFolder, "stacks", target.identity.account);
  const regions = await readdir(folder).catch(() => []);
  return regions
    .filter((one) => one !== region && existsSync(join(folder, one, name, environment)))
    .toSorted();
}

export function addressQuestion(config: Config, url: string): AddressQuestion {
  return { url, healthPath: config.health.path, version: config.version };
}
