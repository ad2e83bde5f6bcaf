import type { AwsClients } from "../aws/clients.ts";
import { withDeadline } from "../process/deadline.ts";
import { checkNetworks, checkZones, needOf, type Need } from "./account.ts";
import { checkVcpus } from "./check-vcpus.ts";
import type { Finding } from "./finding.ts";

/** Quotas and zones that would stop a first `up`, as warnings. Never throws: who may not ask is not warned. */
export async function upWarnings(
  aws: Pick<AwsClients, "ec2" | "serviceQuotas">,
  need: Need,
  region: string,
): Promise<readonly string[]> {
  const shortages = await shortagesOf((signal) => [
    checkVcpus(aws, need, signal),
    checkNetworks(aws, need, signal),
    checkZones(aws, need, region, signal),
  ]);
  return shortages.map(({ what, next }) => `${what}. Next: ${next}`);
}

/** What an account lacks, and the command that changes that. */
export interface Shortage {
  readonly what: string;
  readonly next: string;
}

/** The same for the instances that a release starts while the old ones run. */
export async function releaseShortages(
  aws: Pick<AwsClients, "ec2" | "serviceQuotas">,
  config: Parameters<typeof needOf>[0],
  instances: number,
): Promise<readonly Shortage[]> {
  const need: Need = { ...needOf(config, true), doubles: instances };
  return shortagesOf((signal) => [checkVcpus(aws, need, signal)]);
}

async function shortagesOf(
  checks: (signal: AbortSignal) => readonly Promise<Finding | readonly Finding[]>[],
): Promise<readonly Shortage[]> {
  const late = (): Error => new Error("no answer in time");
  const settled = await withDeadline(
    deadlineMilliseconds,
    async (signal) => Promise.allSettled(checks(signal)),
    late,
  ).catch(() => []);
  const found = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value].flat() : []));
  return found
    .filter(({ state }) => state === "warning" || state === "failed")
    .map(({ check, detail, next }) => ({
      what: `${check}: ${detail}`,
      next: next ?? "infer-deploy doctor",
    }));
}

const deadlineMilliseconds = 10_000;
