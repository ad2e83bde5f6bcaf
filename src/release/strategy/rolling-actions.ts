import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Action, Probe, RolloutState } from "./machine.ts";

/** A step of rolling. */
export type Step =
  | "claim"
  | "point"
  | "lower-minimum"
  | "choose"
  | "take-out"
  | "update"
  | "bring-back"
  | "rejoin"
  | "bake"
  | "finish"
  | "set-minimum"
  | "end";

export interface RollingState extends RolloutState {
  readonly step: Step;
  /** Instances of the batch that is out. */
  readonly batch: readonly string[];
  readonly began: number;
  readonly entered: number;
  readonly probes: readonly Probe[];
  readonly attempts: number;
  /** Alarms that are on from an earlier start of instances, and have not been quiet since. */
  readonly muted: readonly string[];
}

/** Where every rollout begins from. */
export const blank: RollingState = {
  step: "claim",
  action: null,
  detail: "",
  ended: null,
  stage: 0,
  batch: [],
  began: 0,
  entered: 0,
  probes: [],
  attempts: 0,
  outcome: null,
  failure: null,
  muted: [],
};

export function enter(
  plan: RolloutPlan,
  state: RollingState,
  step: Step,
  at: number,
): RollingState {
  // The probes of one batch tell of the next one as well.
  const entered = { ...state, step, entered: at, detail: "" };
  return { ...entered, action: actionOf(plan, step, entered) };
}

export function actionOf(plan: RolloutPlan, step: Step, state: RollingState): Action | null {
  const { colour } = plan.to;
  const { wanted } = sideOf(plan, state);
  switch (step) {
    case "claim":
      return { do: "claim", colour };
    case "point":
      return { do: "point", colour, deployment: wanted, update: "in-standby" };
    // An instance goes to Standby only while the group may be one smaller.
    case "lower-minimum":
      return { do: "scale", colour, minimum: lowestMinimum(plan, state), desired: null };
    case "take-out":
      return { do: "enter-standby", instances: state.batch };
    case "bring-back":
      return { do: "exit-standby", instances: state.batch };
    case "finish":
      return { do: "point", colour, deployment: wanted, update: "at-once" };
    case "set-minimum":
      return { do: "scale", colour, minimum: plan.minimum, desired: null };
    case "choose":
    case "update":
    case "rejoin":
    case "bake":
    case "end":
      return null;
  }
}

/** The release that the instances are to run: the new one, or on the way back the old one. */
export function sideOf(plan: RolloutPlan, state: RollingState): { readonly wanted: number } {
  const isForward = state.outcome === null || state.outcome === "succeeded";
  return { wanted: isForward ? plan.to.deployment : plan.from.deployment };
}

/** On the way back more than a batch may be out at once. */
function lowestMinimum(plan: RolloutPlan, state: RollingState): number {
  return state.outcome === null ? Math.max(0, plan.instances - plan.batch) : 0;
}
