import type { Deps } from "../../deps.ts";
import type { DomainStatus } from "../../domain/domain-status.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import type { WarnDeps } from "./or-warn.ts";
import { lookAtDomains } from "./stack-facts.ts";
import { unconfirmedEmails } from "./unconfirmed-emails.ts";

/** What is asked once for many looks. */
export interface SlowFacts {
  readonly domains: readonly DomainStatus[];
  /** The configuration's addresses that get no alerts yet. */
  readonly unconfirmed: readonly string[];
}

/** Route53 answers five calls a second for the whole account, and an address is confirmed when a person reads mail. */
export async function readSlowFacts(
  deps: Pick<Deps, "clock" | "publicDns"> & WarnDeps,
  target: Target,
  stack: StackRecord,
): Promise<SlowFacts> {
  const [domains, unconfirmed] = await Promise.all([
    lookAtDomains(deps, target, stack),
    unconfirmedEmails(deps, target, stack),
  ]);
  return { domains, unconfirmed };
}
