import type { ReleaseSettings } from "../../config/schema/release.ts";
import type { CommandError } from "../../errors/command-error.ts";
import type { Colour } from "../../stack/colour.ts";
import type { RolloutPlan, Stage, StrategyName } from "../../state/rollout-plan.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import type { Ending, Machine, RolloutState } from "./machine.ts";
import type { Pace, Phase, Step, Wanted } from "./step.ts";

/** How a new version gets its traffic. All differences between strategies are in their objects. */
export interface Strategy {
  readonly name: StrategyName;
  /** The colour that the new version starts on, while `serving` has the traffic. */
  readonly colour: (serving: Colour) => Colour;
  /** The rising shares of traffic, the last one with all of it. Empty where no weights move. */
  readonly stages: (settings: ReleaseSettings) => readonly Stage[];
  /** Objections where the fleet lacks something for it. */
  readonly needs: (facts: NeedsFacts) => readonly Objection[];
  readonly machine: Machine;
  /** The facts about a step that the loop needs. */
  readonly facts: (plan: RolloutPlan, state: RolloutState) => StepFacts;
  /** Its steps for `--dry-run`, one line each. */
  readonly describe: (plan: RolloutPlan) => readonly string[];
  /** The error of a release that did not succeed. Interrupted releases have their own error. */
  readonly error: (plan: RolloutPlan, ending: Ending) => CommandError;
  /** The state after a cancelled release, as a phrase. */
  readonly cancelled: (plan: RolloutPlan) => string;
  /** The possible next steps of each step, the usual one first. The reference draws them. */
  readonly drawing: Readonly<Record<string, readonly string[]>>;
}

export interface StepFacts {
  readonly probes: Wanted;
  readonly pace: Pace;
  readonly phase: Phase;
  /** The change is made before the journal notes it. */
  readonly isUrgent: boolean;
  /** The change is made only after the journal notes it. */
  readonly needsNote: boolean;
  /** All traffic has moved, and the release watches the new version. */
  readonly hasAllTraffic: boolean;
  /** How long the step watches the new version at least; null for a step that does not watch. */
  readonly watchSeconds: number | null;
}

/** Why a release must not begin, and how to fix that. */
export interface Objection {
  readonly what: string;
  readonly next: string;
  /** Whether `--force` skips it. */
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

/** A step's facts from its table. `narrow`: the machine's. */
export function factsOf<State extends RolloutState, Plan extends RolloutPlan, Name extends string>(
  steps: Readonly<Record<Name, Step<State, Plan, Name>>>,
  narrow: (plan: RolloutPlan) => Plan,
): Strategy["facts"] {
  return (given, state) => {
    const plan = narrow(given);
    // The loop passes the state that the strategy's own machine made.
    const own = state as State;
    const step = steps[own.step as Name];
    const isLast = state.stage >= plan.stages.length - 1;
    return {
      probes: step.probes ?? none,
      pace: step.pace?.(plan, own) ?? "usual",
      phase: step.phase(plan, own),
      isUrgent: step.urgent === true,
      needsNote: step.needsNote?.(plan, own) ?? false,
      hasAllTraffic: state.step === "bake" && isLast,
      watchSeconds:
        state.step === "bake" ? (plan.stages[state.stage]?.bakeSeconds ?? plan.bakeSeconds) : null,
    };
  };
}

export function drawingOf<Name extends string>(
  steps: Readonly<Record<Name, { readonly next: readonly Name[] }>>,
): Strategy["drawing"] {
  return Object.fromEntries((Object.keys(steps) as Name[]).map((name) => [name, steps[name].next]));
}

const none: Wanted = { rule: false, address: false };
