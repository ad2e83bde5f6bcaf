import type { ReleaseSettings } from "../../config/schema/release.ts";
import type { CommandError } from "../../errors/command-error.ts";
import type { Colour } from "../../stack/colour.ts";
import type { RolloutPlan, Stage, StrategyName } from "../../state/rollout-plan.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import type { Ending, Machine, RolloutState } from "./machine.ts";
import type { Pace, Phase, Step, Wanted } from "./step.ts";

/** How a new version comes to serve. Everything that differs between two strategies is in their objects; a new one is one more. */
export interface Strategy {
  readonly name: StrategyName;
  /** The colour that the new version starts on, while `serving` has the traffic. */
  readonly colour: (serving: Colour) => Colour;
  /** The shares of traffic, rising, the last with all of it; none where no weights move. */
  readonly stages: (settings: ReleaseSettings) => readonly Stage[];
  /** What the fleet lacks for it. */
  readonly needs: (facts: NeedsFacts) => readonly Objection[];
  readonly machine: Machine;
  /** What the loop needs to know of a step. */
  readonly facts: (plan: RolloutPlan, state: RolloutState) => StepFacts;
  /** What it will do, one line a step, for `--dry-run`. */
  readonly describe: (plan: RolloutPlan) => readonly string[];
  /** What a release that did not succeed ends with. Interrupted ones have an error of their own. */
  readonly error: (plan: RolloutPlan, ending: Ending) => CommandError;
  /** What a cancelled release has left, as a phrase. */
  readonly cancelled: (plan: RolloutPlan) => string;
  /** Steps that may follow each step, the usual one first: what the reference draws. */
  readonly drawing: Readonly<Record<string, readonly string[]>>;
}

export interface StepFacts {
  readonly probes: Wanted;
  readonly pace: Pace;
  readonly phase: Phase;
  /** The change comes before the journal's note of it. */
  readonly isUrgent: boolean;
  /** All of the traffic has moved, and the new version is being watched. */
  readonly hasAllTraffic: boolean;
}

/** Why a release must not begin, and what helps. */
export interface Objection {
  readonly what: string;
  readonly next: string;
  /** `--force` passes over it. */
  readonly canForce: boolean;
}

export interface NeedsFacts {
  readonly fleet: Pick<FleetSnapshot, "groups" | "instances">;
  /** The colour that serves. */
  readonly serving: Colour;
  /** Instances of the new version. */
  readonly instances: number;
  readonly batch: number;
}

/** What a table of steps says of one of them. `narrow` is the machine's. */
export function factsOf<State extends RolloutState, Plan extends RolloutPlan, Name extends string>(
  steps: Readonly<Record<Name, Step<State, Plan, Name>>>,
  narrow: (plan: RolloutPlan) => Plan,
): Strategy["facts"] {
  return (given, state) => {
    const plan = narrow(given);
    // The loop hands back what the strategy's own machine made.
    const own = state as State;
    const step = steps[own.step as Name];
    const isLast = state.stage >= plan.stages.length - 1;
    return {
      probes: step.probes ?? none,
      pace: step.pace?.(plan, own) ?? "usual",
      phase: step.phase(plan, own),
      isUrgent: step.urgent === true,
      hasAllTraffic: state.step === "bake" && isLast,
    };
  };
}

export function drawingOf<Name extends string>(
  steps: Readonly<Record<Name, { readonly next: readonly Name[] }>>,
): Strategy["drawing"] {
  return Object.fromEntries((Object.keys(steps) as Name[]).map((name) => [name, steps[name].next]));
}

const none: Wanted = { rule: false, address: false };
