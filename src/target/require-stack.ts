import { CommandError } from "../errors/command-error.ts";
import { readStackRecord, type StackRecord } from "../state/stack-record.ts";
import { knownElsewhere, type KnownPlace } from "./access/known-stacks.ts";
import type { Target } from "./target.ts";

/** Throws CommandError when the stack was never brought up. */
export async function requireStack(
  target: Pick<Target, "config" | "identity" | "stateFolder" | "store">,
): Promise<StackRecord> {
  const stack = await readStackRecord(target.store);
  if (stack !== undefined) {
    return stack;
  }
  const { name, environment, region } = target.config;
  const { account } = target.identity;
  const places = await knownElsewhere(target);
  const regions = places.filter((place) => place.account === account).map((place) => place.region);
  const foreign = places.find((place) => place.account !== account);
  throw new CommandError(`${name} (${environment}) is not deployed in ${region}.`, {
    ...whyAndNext(regions, foreign, account),
  });
}

function whyAndNext(
  regions: readonly string[],
  foreign: KnownPlace | undefined,
  account: string,
): { readonly why?: string; readonly next: string } {
  const [region] = regions;
  if (region !== undefined) {
    return {
      why: `from this machine it was deployed in ${regions.join(" and ")}`,
      next: `the same with --region ${region}, or infer-deploy up for one more stack here`,
    };
  }
  if (foreign !== undefined) {
    return {
      why: `these credentials are of the account ${account}; from this machine it was deployed in ${foreign.account} (${foreign.region})`,
      next: `the same with --profile and a profile of the account ${foreign.account}, or infer-deploy up for one more stack here`,
    };
  }
  return { next: "infer-deploy up" };
}
