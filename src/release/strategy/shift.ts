import type { Action, Machine } from "./machine.ts";
import { movingPlan, type MovingPlan } from "./moving-plan.ts";
import { shiftPhases as phase } from "./phases.ts";
import { blank, createMachine, type Move } from "./shell.ts";
import {
  isReturn,
  judgeBake,
  judgeProbe,
  judgeSeeBack,
  judgeWait,
  shiftBadNews,
  type ShiftState,
  type ShiftStep,
} from "./shift-judgements.ts";
import { byAddress, byBoth, byRule, type Step, type Turn } from "./step.ts";

/**
 * blue-green, canary and linear: the new version starts on the idle colour and is proven there, then the listener's weights move
 * in stages. Until the first of them the serving colour is not touched; after it, one call gives everything back.
 */
export const shiftSteps: Readonly<Record<ShiftStep, Step<ShiftState, MovingPlan, ShiftStep>>> = {
  claim: {
    next: ["clear"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    leaves: "nothing",
    phase: phase.start,
  },
  clear: {
    next: ["point"],
    change: ({ to }) => ({ do: "clear", colour: to.colour }),
    leaves: "nothing",
    phase: phase.start,
  },
  point: {
    next: ["start"],
    change: ({ to: { colour, deployment } }) => ({
      do: "point",
      colour,
      deployment,
      update: "at-once",
    }),
    leaves: "nothing",
    phase: phase.start,
  },
  start: { next: ["wait"], change: raise, leaves: "nothing", phase: phase.start },
  wait: {
    next: ["open-probe"],
    judge: judgeWait,
    pace: () => "health",
    leaves: "nothing",
    phase: phase.start,
  },
  "open-probe": {
    next: ["probe"],
    change: ({ to }) => ({ do: "open-probe", colour: to.colour }),
    leaves: "nothing",
    phase: phase.probe,
  },
  probe: {
    next: ["shift"],
    judge: judgeProbe,
    probes: byRule,
    pace: () => "answers",
    leaves: "nothing",
    phase: phase.probe,
  },
  shift: {
    next: ["bake"],
    change: (plan, { stage }) => weigh(plan, plan.stages[stage]?.weight ?? 100),
    leaves: "traffic",
    phase: phase.shift,
  },
  bake: {
    next: ["close-probe", "shift"],
    judge: judgeBake,
    probes: byBoth,
    // A watch that has no time is over with the next good answers.
    pace: ({ stages }, { stage }) =>
      (stages[stage]?.bakeSeconds ?? 0) === 0 ? "answers" : "usual",
    leaves: "traffic",
    phase: phase.shift,
  },
  "close-probe": {
    next: ["set-minimum"],
    change: () => ({ do: "close-probe" }),
    leaves: "tidying",
    phase: phase.tidy,
  },
  "set-minimum": {
    next: ["retire-previous"],
    change: ({ to, minimum }) => ({ do: "scale", colour: to.colour, minimum, desired: null }),
    leaves: "tidying",
    phase: phase.tidy,
  },
  "retire-previous": {
    next: [],
    change: ({ from, keepPreviousSeconds }) => ({
      do: "retire",
      colour: from.colour,
      seconds: keepPreviousSeconds,
    }),
    leaves: "tidying",
    phase: phase.tidy,
  },

  // A rollback to a version that still runs.
  "claim-warm": {
    next: ["hold"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    leaves: "nothing",
    phase: phase.shift,
  },
  hold: {
    next: ["shift"],
    change: raise,
    changed: { shifted: true },
    leaves: "nothing",
    phase: phase.shift,
  },

  // The way back.
  "put-back": {
    next: ["see-back"],
    change: (plan) => weigh(plan, 0),
    urgent: true,
    leaves: "traffic",
    phase: phase.putBack,
  },
  "see-back": {
    next: ["withdraw-probe"],
    judge: judgeSeeBack,
    probes: byAddress,
    pace: () => "answers",
    leaves: "traffic",
    phase: phase.putBack,
  },
  "withdraw-probe": {
    next: ["discard"],
    change: () => ({ do: "close-probe" }),
    leaves: "nothing",
    phase: phase.discard,
  },
  discard: { next: [], change: discard, leaves: "nothing", phase: phase.discard },
};

export const shiftMachine: Machine<ShiftState> = createMachine({
  narrow: movingPlan,
  blank: { ...blank, step: "claim", shifted: false },
  steps: shiftSteps,
  begin: (plan) => ({ to: plan.warm ? "claim-warm" : "claim" }),
  badNews: shiftBadNews,
  back,
  resume: (plan, step, left) => {
    if (left === "tidying") {
      return { to: "close-probe", set: { outcome: "succeeded", shifted: true } };
    }
    // A rollback that was moving its traffic was on the way to the good version.
    if (plan.warm && (step === "shift" || step === "bake")) {
      return { to: "shift", set: { shifted: true } };
    }
    const shifted = left === "traffic";
    return { to: wayBackFrom(shifted), set: { outcome: "cancelled", shifted } };
  },
  isCommitted: isReturn,
  // Weights that cannot be put back are the one thing that the user must hear of.
  isStuck: ({ step }) => step === "put-back",
  keepsProbes: false,
});

/** Back to the old version by the shortest way: the weights first, if they can have been moved. */
function back(plan: MovingPlan, state: ShiftState, { outcome }: Turn): Move<ShiftState, ShiftStep> {
  // A return to a version that was good stays where it is, whatever is wrong with it: the other one was left for being worse.
  if (isReturn(plan, state) && (outcome === "rolled-back" || outcome === "timed-out")) {
    return { to: "close-probe", set: { outcome: "failed" } };
  }
  return { to: wayBackFrom(state.shifted) };
}

function wayBackFrom(shifted: boolean): ShiftStep {
  return shifted ? "put-back" : "withdraw-probe";
}

/** The minimum as well, so that no scaling policy takes away what has no traffic yet. */
function raise({ to, instances }: MovingPlan): Action {
  return { do: "scale", colour: to.colour, minimum: instances, desired: instances };
}

function weigh({ from, to }: MovingPlan, share: number): Action {
  const weights = { blue: 0, green: 0 };
  weights[to.colour] = share;
  weights[from.colour] = 100 - share;
  return { do: "weigh", weights };
}

/** Requests still reach a colour while a change of weights spreads, so one that had traffic goes a little later, by itself. */
function discard(
  { to: { colour }, warm, keepPreviousSeconds }: MovingPlan,
  state: ShiftState,
): Action {
  if (warm) {
    return { do: "retire", colour, seconds: keepPreviousSeconds };
  }
  return state.shifted
    ? { do: "retire", colour, seconds: spreadSeconds }
    : { do: "scale", colour, minimum: 0, desired: 0 };
}

/** Longer than a change of weights takes to reach every node of a load balancer. */
const spreadSeconds = 120;
