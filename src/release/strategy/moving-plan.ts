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

/** Requests still reach a colour while new weights spread, so the end of a colour that had traffic is scheduled a little later. */
export function discard(
  { to: { colour }, warm, keepPreviousSeconds }: MovingPlan,
  { shifted }: { readonly shifted: boolean },
): Action {
  if (warm) {
    return { do: "retire", colour, seconds: keepPreviousSeconds };
  }
  return shifted
    ? { do: "retire", colour, seconds: spreadSeconds }
    : { do: "scale", colour, minimum: 0, desired: 0 };
}

/** The minimum outside of releases. */
export function setMinimum({ to, minimum }: MovingPlan): Action {
  return { do: "scale", colour: to.colour, minimum, desired: null };
}

export function weigh({ from, to }: MovingPlan, share: number): Action {
  const weights = { blue: 0, green: 0 };
  weights[to.colour] = share;
  weights[from.colour] = 100 - share;
  return { do: "weigh", weights };
}

/** Longer than new weights take to reach every node of a load balancer. */
const spreadSeconds = 120;
