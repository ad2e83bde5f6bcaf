import { openSandbox } from "../../sandbox/src/lifecycle/open-sandbox.ts";
import type { AwsClients, AwsSettings } from "../aws/clients.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Clock } from "../process/clock.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Run } from "../process/run.ts";
import { openStateHome, stateHome } from "../process/state-home.ts";
import type { Reporter } from "../report/reporter.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { createObjectStore } from "../state/object-store.ts";
import { checkEssentials, type Tool } from "./essentials.ts";
import type { Target } from "./target.ts";

export interface TargetDeps {
  readonly run: Run;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interrupts: Interrupts;
  readonly clock: Pick<Clock, "sleep">;
  readonly connect: (settings: AwsSettings) => AwsClients;
}

export interface TargetFlags {
  readonly profile: string | undefined;
  /** Name of the local region to work in; undefined works on AWS. */
  readonly sandbox: string | undefined;
}

/**
 * Finds out who and where we are, and what the verb lacks.
 * Throws CommandError (64) before anything is touched.
 */
export async function openTarget(
  deps: TargetDeps,
  { profile, sandbox: name }: TargetFlags,
  { config, root }: LoadedConfig,
  needs: { readonly tools: readonly Tool[] },
): Promise<Target> {
  const { region } = config;
  if (needs.tools.includes("terraform")) await openStateHome(deps.env);
  const sandbox = name === undefined ? undefined : await openSandbox(deps, name, config);
  const aws = deps.connect({
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(sandbox === undefined
      ? {}
      : { endpoint: sandbox.endpoint, credentials: sandbox.credentials }),
  });
  const identity = await checkEssentials(deps, aws, region, needs.tools);
  const bucket = stateBucketName(identity.account, region);
  const prefix = nameStack(config.name, config.environment, region).state_prefix;
  return {
    config,
    root,
    aws,
    identity,
    bucket,
    prefix,
    store: createObjectStore(
      await aws.s3(),
      { bucket, prefix, owner: identity.account },
      deps.clock.sleep,
    ),
    programEnv: {
      ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
      ...sandbox?.environment,
    },
    stateFolder: sandbox?.folder ?? stateHome(deps.env),
  };
}
