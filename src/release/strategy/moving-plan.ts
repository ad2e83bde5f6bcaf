import type { RolloutPlan, Side } from "../../state/rollout-plan.ts";

/** A plan that replaces a version, so there is traffic to move, and a version to move it back to. */
export interface MovingPlan extends RolloutPlan {
  readonly from: Side;
}

/** Throws an Error for a plan of a first release. */
export function movingPlan(plan: RolloutPlan): MovingPlan {
  const { from } = plan;
  if (from === null) {
    throw new Error(`release ${plan.release} replaces nothing, and has no traffic to move`);
  }
  return { ...plan, from };
}
