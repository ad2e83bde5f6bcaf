import { cents } from "./money.ts";

/** The stack's costs in a month as Cost Explorer counts them, by the stack's tag. */
export interface Spent {
  /**
   * `known`: the tag is active, or AWS does not say. `inactive`: nothing is counted by the tag yet. `unseen`: AWS has not seen the tag on a resource
   * yet. `off`: there is no Cost Explorer in this account. `denied`: these credentials may not ask. `unknown`: AWS gave no answer.
   */
  readonly state: "known" | "inactive" | "unseen" | "off" | "denied" | "unknown";
  /** The first day, and the first day that does not count, such as 2026-11-01 and 2026-11-28. */
  readonly from: string;
  readonly to: string;
  /** Null unless the state is `known`. */
  readonly usd: number | null;
  /** The dearest first. */
  readonly services: readonly { readonly service: string; readonly usd: number }[];
  /** A sentence where there is something to know or to do; null otherwise. */
  readonly note: string | null;
}

/** The tag by which Cost Explorer and the budget count. */
export const stackTagKey = "infer-deploy:stack";

/** The days of this month until now, by UTC, as Cost Explorer counts. The end is no part of them. */
export function monthToDate(now: Date): { readonly from: string; readonly to: string } {
  const tomorrow = new Date(now.getTime() + dayMilliseconds);
  return { from: `${now.toISOString().slice(0, 7)}-01`, to: tomorrow.toISOString().slice(0, 10) };
}

/** What AWS says of the tag; undefined where it does not answer this account, as in most members of an organisation. */
export type TagState = "active" | "inactive" | "unseen" | undefined;

export interface CostGroup {
  readonly service: string;
  readonly amount: number;
  readonly unit: string;
}

/** The month by services, from Cost Explorer's groups. */
export function spentOf(
  period: { readonly from: string; readonly to: string },
  groups: readonly CostGroup[],
  tag: TagState,
): Spent {
  const none = { ...period, usd: null, services: [] };
  if (tag === "inactive") return { ...none, state: "inactive", note: inactiveNote };
  if (tag === "unseen") return { ...none, state: "unseen", note: unseenNote };
  const foreign = groups.find(({ unit }) => unit !== "USD");
  if (foreign !== undefined) {
    const note = `Cost Explorer counts in ${foreign.unit}; this version only knows USD`;
    return { ...none, state: "unknown", note };
  }
  const services = groups
    .map(({ service, amount }) => ({ service, usd: cents(amount) }))
    .filter(({ usd }) => usd !== 0)
    .toSorted((a, b) => b.usd - a.usd);
  const usd = cents(services.reduce((sum, one) => sum + one.usd, 0));
  return {
    ...period,
    state: "known",
    usd,
    services,
    note: tag === undefined && services.length === 0 ? unsureNote : null,
  };
}

/** The same where Cost Explorer refused, by AWS's error code. */
export function refusedSpent(
  period: { readonly from: string; readonly to: string },
  code: string,
  words: string,
): Spent {
  const none = { ...period, usd: null, services: [] };
  // An account that never opened Cost Explorer is refused as one without a policy, in other words.
  if (code === "DataUnavailableException" || /not (?:enabled|subscribed)/i.test(words)) {
    return { ...none, state: "off", note: offNote };
  }
  return code.startsWith("AccessDenied")
    ? { ...none, state: "denied", note: deniedNote }
    : { ...none, state: "unknown", note: `Cost Explorer gave no answer: ${words}` };
}

const inactiveNote = `AWS counts nothing by the tag ${stackTagKey} yet: infer-deploy cost --activate-tags, in the account that pays`;
const unseenNote = `AWS has not seen the tag ${stackTagKey} yet, which takes up to a day after the first up; then infer-deploy cost --activate-tags, in the account that pays`;
const unsureNote = `nothing is counted: if the tag ${stackTagKey} is not active, infer-deploy cost --activate-tags, in the account that pays`;
const offNote =
  "Cost Explorer has no data: open it once in the Billing and Cost Management console, and ask again a day later";
const deniedNote =
  "these credentials may not ask Cost Explorer: ce:GetCostAndUsage is in docs/reference/iam.md. In an organisation, the account that pays must let its members ask";

const dayMilliseconds = 86_400_000;
