import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import type { Action, Look, Outcome, RolloutState } from "./machine.ts";

/** One row of a strategy's table. A step either makes a change, or waits and judges each look. */
export interface Step<State extends RolloutState, Plan extends RolloutPlan, Name extends string> {
  /** Steps that may follow, the usual one first. None: the rollout ends here. */
  readonly next: readonly Name[];
  /** The change that the step makes. */
  readonly change?: (plan: Plan, state: State) => Action;
  /** Further changes of the state after the change is made. */
  readonly changed?: Partial<State>;
  /** What a look means to a waiting step. Never called with a failure of the rollout, because `badNews` sees it first. */
  readonly judge?: (plan: Plan, state: State, look: Look) => Judgement<State, Name>;
  /** The probes that are sent while the step waits; none when left out. */
  readonly probes?: Wanted;
  /** How often the step looks; once a second when left out. */
  readonly pace?: (plan: Plan, state: State) => Pace;
  /** What a killed run leaves at this step. It decides how another run continues. */
  readonly leaves: "nothing" | "traffic" | "tidying";
  /** The change is made before the journal notes it, because traffic matters more than the note. */
  readonly urgent?: true;
  /**
   * The change is made only after the journal has the note of it. Without the note, another run would remove the version that has the traffic,
   * give the traffic to one that is gone, or not see that anything was changed.
   */
  readonly needsNote?: (plan: Plan, state: State) => boolean;
  /** The step's phase in the report. Several steps may share a phase. */
  readonly phase: (plan: Plan, state: State) => Phase;
}

/** A step's judgement of a look: it keeps waiting, another step follows, or the rollout rolls back. */
export type Judgement<State, Name extends string> =
  | { readonly wait: string; readonly set?: Partial<State> }
  | { readonly to: Name; readonly set?: Partial<State> }
  | { readonly back: Turn };

/** Why the rollout rolls back. */
export interface Turn {
  readonly outcome: Outcome;
  readonly failure: RolloutFailure | null;
}

/** Which probes are sent. */
export interface Wanted {
  readonly rule: boolean;
  readonly address: boolean;
}

/**
 * usual: once a second. health: twice a second once every container is healthy and only the load balancer's checks are missing.
 * answers: sooner while the answers are good, because a few more end the step.
 */
export type Pace = "usual" | "health" | "answers";

/** One line of the report. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly isWayBack: boolean;
}

export const byRule: Wanted = { rule: true, address: false };
export const byAddress: Wanted = { rule: false, address: true };
export const byBoth: Wanted = { rule: true, address: true };
