import type { Config } from "../../config/schema/config.ts";
import { isBurstable } from "../../config/fields/instance-type.ts";
import { formatDuration } from "../../config/fields/time/duration.ts";
import type { AppliedFacts } from "../../state/stack-record.ts";
import type { Desired } from "../desired.ts";

/** The settings that the warnings are about; a `Config` has them. */
export type WarnedSettings = Pick<
  Config,
  "auth" | "domains" | "env" | "health" | "https" | "instances" | "requests"
> & {
  readonly network: Pick<Config["network"], "internal">;
};

/** What deserves a second thought before a plan is applied, one sentence each. */
export function planWarnings(
  config: WarnedSettings,
  applied: Pick<AppliedFacts, "ami_architecture" | "ami_id"> | undefined,
  desired: Pick<Desired, "amiArchitecture" | "amiId">,
): readonly string[] {
  return [
    plainHttp(config),
    shortDrain(config),
    literalVariables(config),
    burst(config),
    privateAddress(config, applied),
    otherProcessor(applied, desired),
  ].filter((text) => text !== undefined);
}

function plainHttp({ auth, domains, https }: WarnedSettings): string | undefined {
  if (domains.length > 0 || https !== null) return undefined;
  return auth === "keys"
    ? "no domain is set, so the address is plain HTTP, and everyone on the way can read the API keys: fine for a trial, not for production"
    : "no domain is set, so the address is plain HTTP: fine for a trial, not for production";
}

/** Nothing can be connected to a VPC that does not exist yet. */
function privateAddress(
  { network }: WarnedSettings,
  applied: object | undefined,
): string | undefined {
  return network.internal && applied === undefined
    ? "the address is private (network.internal). If this machine cannot reach it, up ends with exit code 4 once the instances are healthy, and leaves them running: connect to the VPC, or run up again from a machine in it"
    : undefined;
}

function shortDrain({ health, requests }: WarnedSettings): string | undefined {
  const least = Math.min(requests.timeoutSeconds, longestDrain);
  return health.drainSeconds < least
    ? `health.drain (${formatDuration(health.drainSeconds)}) is shorter than requests.timeout (${formatDuration(requests.timeoutSeconds)}): a request that runs longer is cut when its instance leaves`
    : undefined;
}

/** A Compose file would have them replaced. */
function literalVariables({ env }: WarnedSettings): string | undefined {
  const names = Object.keys(env).filter((name) => /\$\{[^}]*\}/.test(env[name] ?? ""));
  return names.length === 0
    ? undefined
    : `env: \${...} is not replaced: the container gets it as it is written, in ${names.join(", ")}`;
}

function burst({ instances: { type, cpuCredits } }: WarnedSettings): string | undefined {
  if (!isBurstable(type)) return undefined;
  return cpuCredits === "unlimited"
    ? `${type} is a burstable type: under steady load its CPU credits can cost more than the instance. c7i-flex.large needs none; instances.cpu_credits: standard slows down instead`
    : `${type} slows down under steady load, and it starts slowly, because it has no credits yet: c7i-flex.large does not`;
}

/** Neither the old machine image nor the running version starts on another processor. */
function otherProcessor(
  applied: Pick<AppliedFacts, "ami_architecture" | "ami_id"> | undefined,
  desired: Pick<Desired, "amiArchitecture" | "amiId">,
): string | undefined {
  const before = applied?.ami_architecture;
  return before === undefined || before === desired.amiArchitecture
    ? undefined
    : `the processor changes, and the machine image with it: ${applied?.ami_id} (${before}) -> ${desired.amiId} (${desired.amiArchitecture}). New instances cannot run the present version; run infer-deploy release soon to build one for ${desired.amiArchitecture}`;
}

/** Seconds, AWS's limit for a deregistration delay. */
const longestDrain = 3600;
