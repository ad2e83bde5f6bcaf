import type { Look, RolloutState } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";
import type { Turn } from "./step.ts";

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
