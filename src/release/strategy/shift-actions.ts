import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Action, Probe, RolloutState } from "./machine.ts";

/** A step of blue-green, canary and linear. */
export type Step =
  | "claim"
  | "claim-warm"
  | "clear"
  | "point"
  | "start"
  | "hold"
  | "wait"
  | "open-probe"
  | "probe"
  | "shift"
  | "bake"
  | "close-probe"
  | "set-minimum"
  | "retire-previous"
  | "put-back"
  | "see-back"
  | "withdraw-probe"
  | "discard"
  | "end";

export interface ShiftState extends RolloutState {
  readonly step: Step;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly entered: number;
  /** Probes of this step, oldest first. */
  readonly probes: readonly Probe[];
  readonly attempts: number;
  /** Whether a change of the weights was begun, so that the new version may have traffic. */
  readonly shifted: boolean;
  /** Alarms that are on from the start of the instances, and have not been quiet since. */
  readonly muted: readonly string[];
}

/** Where every rollout begins from. */
export const blank: ShiftState = {
  step: "claim",
  action: null,
  detail: "",
  ended: null,
  stage: 0,
  began: 0,
  entered: 0,
  probes: [],
  attempts: 0,
  shifted: false,
  outcome: null,
  failure: null,
  muted: [],
};

export function enter(plan: RolloutPlan, state: ShiftState, step: Step, at: number): ShiftState {
  const entered = { ...state, step, entered: at, probes: [], detail: "" };
  return { ...entered, action: actionOf(plan, step, entered) };
}

export function actionOf(plan: RolloutPlan, step: Step, state: ShiftState): Action | null {
  const { from, to, instances, minimum } = plan;
  switch (step) {
    case "claim":
    case "claim-warm":
      return { do: "claim", colour: to.colour };
    case "clear":
      return { do: "clear", colour: to.colour };
    case "point":
      return { do: "point", colour: to.colour, deployment: to.deployment, update: "at-once" };
    // The minimum as well, so that no scaling policy takes away what has no traffic yet.
    case "start":
    case "hold":
      return { do: "scale", colour: to.colour, minimum: instances, desired: instances };
    case "open-probe":
      return { do: "open-probe", colour: to.colour };
    case "shift":
      return weigh(plan, plan.stages[state.stage]?.weight ?? 100);
    case "close-probe":
    case "withdraw-probe":
      return { do: "close-probe" };
    case "set-minimum":
      return { do: "scale", colour: to.colour, minimum, desired: null };
    case "retire-previous":
      return { do: "retire", colour: from.colour, seconds: plan.keepPreviousSeconds };
    case "put-back":
      return weigh(plan, 0);
    case "discard":
      return discard(plan, state);
    case "wait":
    case "probe":
    case "bake":
    case "see-back":
    case "end":
      return null;
  }
}

/** Requests still reach a colour while a change of weights spreads, so one that had traffic goes a little later, by itself. */
function discard(plan: RolloutPlan, state: ShiftState): Action {
  const { colour } = plan.to;
  if (plan.warm) {
    return { do: "retire", colour, seconds: plan.keepPreviousSeconds };
  }
  return state.shifted
    ? { do: "retire", colour, seconds: spreadSeconds }
    : { do: "scale", colour, minimum: 0, desired: 0 };
}

function weigh(plan: RolloutPlan, share: number): Action {
  const weights = { blue: 0, green: 0 };
  weights[plan.to.colour] = share;
  weights[plan.from.colour] = 100 - share;
  return { do: "weigh", weights };
}

/** Longer than a change of weights takes to reach every node of a load balancer. */
const spreadSeconds = 120;
