import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Colour } from "../../stack/colour.ts";

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
  /** A listener rule with a header that nobody else sends leads to the colour. */
  | { readonly do: "open-probe"; readonly colour: Colour }
  | { readonly do: "close-probe" }
  | { readonly do: "weigh"; readonly weights: Readonly<Record<Colour, number>> }
  /** The colour goes to no instances by itself, in so many seconds. */
  | { readonly do: "retire"; readonly colour: Colour; readonly seconds: number }
  | { readonly do: "enter-standby"; readonly instances: readonly string[] }
  | { readonly do: "exit-standby"; readonly instances: readonly string[] };

/** What one look at the stack said. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How the new version does on its colour. */
  readonly candidate:
    | { readonly verdict: "waiting" | "healthy"; readonly detail: string }
    | ({ readonly verdict: "failed" } & Failure);
  /** The alarms that are on, or that nobody can read. */
  readonly alarms: readonly AlarmFailure[];
  /** What was asked since the last look, oldest first; empty when nothing was. */
  readonly probes: readonly Probe[];
  /** Instances of the serving colour, for `rolling`. */
  readonly members: readonly Member[];
}

export interface AlarmFailure extends Failure {
  readonly alarm: string;
}

export interface Probe {
  /** Whether it went to the new colour by its header, or to the address like everybody's. */
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

/** Why a rollout is taken back, for a person. */
export interface Failure {
  readonly cause: string;
  readonly where: string;
  /** Lines shown as they are, such as the container's last ones. */
  readonly detail: readonly string[];
}

export type Event =
  | { readonly type: "acted"; readonly at: number }
  | { readonly type: "action-failed"; readonly at: number; readonly reason: string }
  | { readonly type: "looked"; readonly look: Look }
  | { readonly type: "interrupted"; readonly at: number };

export type Outcome = "succeeded" | "failed" | "rolled-back" | "timed-out" | "cancelled";

/** What every machine's state tells the loop. */
export interface RolloutState {
  /** For the journal and for people. */
  readonly step: string;
  /** To be done now; null while there is something to wait for. */
  readonly action: Action | null;
  /** What the step waits for, in a few words. */
  readonly detail: string;
  /** Index into the plan's stages. */
  readonly stage: number;
  /** Null until it is decided whether the way goes to the end or back. */
  readonly outcome: Outcome | null;
  /** Why the way goes back. */
  readonly failure: Failure | null;
  readonly ended: Ending | null;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  /** The old version could not be given all of the traffic back. */
  readonly stuck: boolean;
}

/** A strategy: where it begins, where it goes on after a killed run, and what follows an event. Pure. */
export interface Machine<State extends RolloutState> {
  readonly start: (plan: RolloutPlan, at: number) => State;
  /** The way back, or the rest of the way, from the step that a killed run had begun. */
  readonly resume: (plan: RolloutPlan, step: string, at: number) => State;
  readonly next: (plan: RolloutPlan, state: State, event: Event) => State;
}

/** A way back that did not get through tells what it last ran into, whatever it was that had turned it back. */
export function endingOf(state: RolloutState, stuck: boolean): Ending {
  const { outcome, failure, step, detail } = state;
  const known = failure ?? { cause: "it was cancelled", where: `step ${step}`, detail: [] };
  return {
    outcome: outcome ?? "failed",
    failure: stuck
      ? { ...known, detail: [...known.detail, `at the step ${step}: ${detail}`] }
      : failure,
    stuck,
  };
}
