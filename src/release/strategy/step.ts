import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import type { Action, Look, Outcome, RolloutState } from "./machine.ts";

/** One row of a strategy's table. A step either makes a change, or waits and judges what it sees. */
export interface Step<State extends RolloutState, Plan extends RolloutPlan, Name extends string> {
  /** Steps that may follow, the usual one first. None: the rollout ends here. */
  readonly next: readonly Name[];
  /** The change that the step makes. */
  readonly change?: (plan: Plan, state: State) => Action;
  /** What becomes of the state with the change; without it only the step changes. */
  readonly changed?: Partial<State>;
  /** What a look means to a step that waits. Never called with a failure of the rollout: `badNews` has seen it first. */
  readonly judge?: (plan: Plan, state: State, look: Look) => Judgement<State, Name>;
  /** What is asked while the step waits; nothing when left out. */
  readonly probes?: Wanted;
  /** How often the step looks; once a second when left out. */
  readonly pace?: (plan: Plan, state: State) => Pace;
  /** What a killed run leaves here, and so which way another run takes. */
  readonly leaves: "nothing" | "traffic" | "tidying";
  /** The change comes before the journal's note of it: traffic is worth more than the note. */
  readonly urgent?: true;
  /** What a person calls it. Several steps may be one phase. */
  readonly phase: (plan: Plan, state: State) => Phase;
}

/** What a step makes of a look: it waits on, another step follows, or the way turns back. */
export type Judgement<State, Name extends string> =
  | { readonly wait: string; readonly set?: Partial<State> }
  | { readonly to: Name; readonly set?: Partial<State> }
  | { readonly back: Turn };

/** Why the way turns back. */
export interface Turn {
  readonly outcome: Outcome;
  readonly failure: RolloutFailure | null;
}

/** Which probes are asked. */
export interface Wanted {
  readonly rule: boolean;
  readonly address: boolean;
}

/**
 * usual: once a second. health: twice a second once every container is healthy and the load balancer's checks alone are missing.
 * answers: sooner while the answers are good, because the next good ones end the step.
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
