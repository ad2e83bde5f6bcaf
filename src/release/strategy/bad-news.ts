import type { AlarmFailure } from "../observe/failure.ts";
import type { Look, RolloutState } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";
import type { Turn } from "./step.ts";

/** The alarm that ends a release: one that is on and not muted, or that the alarms could not be read for several looks in a row. */
export function alarmNews(
  { muted, unread }: Pick<RolloutState, "muted" | "unread">,
  { alarms }: Pick<Look, "alarms">,
): AlarmFailure | undefined {
  return alarms.find((one) => (isUnread(one) ? unread > forgiven : !muted.includes(one.alarm)));
}

/** Why the release waits after a look without bad news: the alarms were not read. Null when they were. */
export function unreadText({ alarms }: Pick<Look, "alarms">): string | null {
  return alarms.find(isUnread)?.cause ?? null;
}

/** Rolls back a release that has taken longer than `release.timeout`; null while it has time. */
export function outOfTime(
  { timeoutSeconds }: Pick<MovingPlan, "timeoutSeconds">,
  { began, step, detail }: Pick<RolloutState, "began" | "step" | "detail">,
  { at }: Pick<Look, "at">,
): Turn | null {
  if (at - began <= timeoutSeconds * 1000) {
    return null;
  }
  const cause = `it took longer than ${timeoutSeconds} s`;
  return {
    outcome: "timed-out",
    failure: { cause, where: `step ${step}: ${detail}`, detail: [] },
  };
}

/** No alarm has an empty name; see AlarmFailure. */
function isUnread({ alarm }: AlarmFailure): boolean {
  return alarm === "";
}

/** Looks in a row. A request fails now and then in every region, and the SDK has tried it again already. */
const forgiven = 3;
