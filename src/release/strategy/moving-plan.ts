import type { Action } from "./machine.ts";
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

/** Raises the minimum as well, so that no scaling policy ends instances that have no traffic yet. */
export function raise({ to, instances }: MovingPlan): Action {
  return { do: "scale", colour: to.colour, minimum: instances, desired: instances };
}

export function pauseScaling({ from }: MovingPlan): Action {
  return { do: "scaling", serving: from.colour, isOn: false };
}

export function weigh({ from, to }: MovingPlan, share: number): Action {
  const weights = { blue: 0, green: 0 };
  weights[to.colour] = share;
  weights[from.colour] = 100 - share;
  return { do: "weigh", weights };
}
