import type { Colour } from "../../stack/colour.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { AlarmFailure, RolloutFailure } from "../observe/failure.ts";

/** One change in AWS. The loop makes it and answers with exactly one `acted` or `action-failed`. */
export type Action =
  /** Nothing may take the colour's instances away from now on: its scheduled clean-up is deleted. */
  | { readonly do: "claim"; readonly colour: Colour }
  /** The instances of an earlier release go, so that the new one starts on fresh ones. */
  | { readonly do: "clear"; readonly colour: Colour }
  | {
      readonly do: "point";
      readonly colour: Colour;
      readonly deployment: number;
      readonly update: "at-once" | "in-standby";
    }
  | {
      readonly do: "scale";
      readonly colour: Colour;
      readonly minimum: number;
      /** Null leaves it as it is. */
      readonly desired: number | null;
    }
  /** A route for requests with a header that nobody else sends leads to the colour. */
  | { readonly do: "open-probe"; readonly colour: Colour }
  | { readonly do: "close-probe" }
  | { readonly do: "weigh"; readonly weights: Readonly<Record<Colour, number>> }
  /** The colour goes to no instances by itself, in so many seconds. */
  | { readonly do: "retire"; readonly colour: Colour; readonly seconds: number }
  | {
      readonly do: "enter-standby" | "exit-standby";
      readonly colour: Colour;
      readonly instances: readonly string[];
    };

/** What one look at the stack showed. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How the new version does on its colour. */
  readonly candidate:
    | { readonly verdict: "waiting" | "healthy"; readonly detail: string }
    | ({ readonly verdict: "failed" } & RolloutFailure);
  /** The alarms that are on, or that cannot be read. */
  readonly alarms: readonly AlarmFailure[];
  /** The answers since the last look, oldest first. */
  readonly probes: readonly Probe[];
  /** Instances of the new version's colour. */
  readonly members: readonly Member[];
}

export interface Probe {
  /** Whether it went to the new colour by its header, or to the address as users' requests do. */
  readonly by: "rule" | "address";
  readonly good: boolean;
  /** The version that answered, where the app tells it. */
  readonly version: string | null;
  readonly detail: string;
}

export interface Member {
  readonly id: string;
  readonly lifecycle: string;
  /** The release that its agent reports; null before its first report. */
  readonly deployment: number | null;
  /** Its container is healthy, as its agent says. */
  readonly ready: boolean;
  /** The load balancer finds it healthy. */
  readonly serving: boolean;
}

export type Event =
  | { readonly type: "acted"; readonly at: number }
  | { readonly type: "action-failed"; readonly at: number; readonly reason: string }
  | { readonly type: "looked"; readonly look: Look }
  | { readonly type: "interrupted"; readonly at: number };

export type Outcome = "succeeded" | "failed" | "rolled-back" | "timed-out" | "cancelled";

/** How far a rollout is. JSON-able, and the same fields whatever the strategy. */
export interface RolloutState {
  /** For the journal and for people. */
  readonly step: string;
  /** To be done now; null while there is something to wait for. */
  readonly action: Action | null;
  /** What the step waits for, in a few words. */
  readonly detail: string;
  /** Index into the plan's stages. */
  readonly stage: number;
  /** Milliseconds since 1970: when the way, or the way back, began; when the step did. */
  readonly began: number;
  readonly entered: number;
  /** The latest probes, oldest first. */
  readonly probes: readonly Probe[];
  /** Failures in a row of the change that is being made. */
  readonly attempts: number;
  /** Alarms that are on from the start of instances, and have not been quiet since. */
  readonly muted: readonly string[];
  /** Null until it is decided whether the way goes to the end or back. */
  readonly outcome: Outcome | null;
  /** Why the way goes back. */
  readonly failure: RolloutFailure | null;
  readonly ended: Ending | null;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly failure: RolloutFailure | null;
  /** The way back did not get through: the stack is not as it was before. */
  readonly stuck: boolean;
}

/** Where a rollout begins, where it continues after a killed run, and what follows an event. Pure. */
export interface Machine<State extends RolloutState = RolloutState> {
  start(plan: RolloutPlan, at: number): State;
  /** The way back, or the rest of the way, from the step that a killed run had begun. */
  resume(plan: RolloutPlan, step: string, at: number): State;
  next(plan: RolloutPlan, state: State, event: Event): State;
}
