import { beforeSteps, pointHeld } from "../before.ts";
import type { Machine } from "../machine.ts";
import {
  discard,
  movingPlan,
  pauseScaling,
  raise,
  setMinimum,
  weigh,
  type MovingPlan,
} from "../moving-plan.ts";
import { shiftPhases as phase } from "../phases.ts";
import { blank, createMachine, type Move } from "../shell.ts";
import {
  isReturn,
  judgeBake,
  judgeFill,
  judgeProbe,
  judgeSeeBack,
  judgeWait,
  shiftBadNews,
  type ShiftState,
  type ShiftStep,
} from "./judgements.ts";
import { byAddress, byBoth, byRule, type Step, type Turn } from "../step.ts";

/**
 * blue-green, canary and linear. The new version starts on the idle colour and is proven there. Then the listener's weights move in
 * stages. Before the first stage the serving colour is not touched; after it, one call moves all traffic back.
 */
export const shiftSteps: Readonly<Record<ShiftStep, Step<ShiftState, MovingPlan, ShiftStep>>> = {
  claim: {
    next: ["pause-scaling"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    needsNote: () => true,
    leaves: "nothing",
    phase: phase.start,
  },
  // A policy must not change the size of either colour while the release compares them.
  "pause-scaling": { next: ["clear"], change: pauseScaling, leaves: "nothing", phase: phase.start },
  clear: {
    next: ["point"],
    change: ({ to }) => ({ do: "clear", colour: to.colour }),
    leaves: "nothing",
    phase: phase.start,
  },
  // The colour's fresh instances take the new version. Those that an earlier release left are ending, and finish their requests.
  point: {
    next: ["start"],
    change: (plan, state) => pointHeld(plan, state, "never"),
    leaves: "nothing",
    phase: phase.start,
  },
  start: { next: ["wait"], change: raise, leaves: "nothing", phase: phase.start },
  ...beforeSteps<ShiftState, MovingPlan, "wait">({
    leaves: "nothing",
    update: "never",
    wait: "wait",
  }),
  wait: {
    next: ["open-probe", "run-before"],
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
    next: ["shift", "grow"],
    judge: judgeProbe,
    probes: byRule,
    pace: () => "answers",
    leaves: "nothing",
    phase: phase.probe,
  },
  // The old version has more instances than at the beginning.
  grow: {
    next: ["fill"],
    change: ({ to }, { wanted }) => ({
      do: "scale",
      colour: to.colour,
      minimum: wanted,
      desired: wanted,
    }),
    leaves: "traffic",
    phase: phase.grow,
  },
  fill: {
    next: ["shift", "grow"],
    judge: judgeFill,
    probes: byBoth,
    pace: () => "health",
    leaves: "traffic",
    phase: phase.grow,
  },
  shift: {
    next: ["bake"],
    change: (plan, { stage }) => weigh(plan, plan.stages[stage]?.weight ?? 100),
    // From the first share on a repair must know that there is traffic.
    needsNote: (_plan, { stage }) => stage === 0,
    leaves: "traffic",
    phase: phase.shift,
  },
  bake: {
    next: ["close-probe", "shift", "grow"],
    judge: judgeBake,
    probes: byBoth,
    // A watch without a duration ends with the next good answers.
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
    next: ["resume-scaling"],
    change: setMinimum,
    leaves: "tidying",
    phase: phase.tidy,
  },
  "resume-scaling": {
    next: ["retire-previous"],
    change: ({ to }) => ({ do: "scaling", serving: to.colour, isOn: true }),
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
    needsNote: () => true,
    leaves: "tidying",
    phase: phase.tidy,
  },

  // A rollback to a version that still runs.
  "claim-warm": {
    next: ["pause-scaling-warm"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    needsNote: () => true,
    leaves: "nothing",
    phase: phase.shift,
  },
  "pause-scaling-warm": {
    next: ["hold"],
    change: pauseScaling,
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

  // A warm rollback that is continued after its process was killed. The version may have traffic from the first step.
  "claim-again": {
    next: ["shift"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    leaves: "traffic",
    phase: phase.shift,
  },

  // The rollback of this release.
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
  discard: {
    next: ["resume-scaling-back"],
    change: discard,
    leaves: "nothing",
    phase: phase.discard,
  },
  "resume-scaling-back": {
    next: [],
    change: ({ from }) => ({ do: "scaling", serving: from.colour, isOn: true }),
    leaves: "nothing",
    phase: phase.discard,
  },
};

export const shiftMachine: Machine<ShiftState> = createMachine({
  narrow: movingPlan,
  blank: { ...blank, step: "claim", shifted: false, wanted: 0 },
  steps: shiftSteps,
  begin: (plan) => ({ to: plan.warm ? "claim-warm" : "claim" }),
  badNews: shiftBadNews,
  back,
  resume: (plan, step, left) => {
    if (left === "tidying") {
      return { to: "close-probe", set: { outcome: "succeeded", shifted: true } };
    }
    // A warm rollback was moving its traffic to the good version, so finish it. An earlier repair may have scheduled that version's end.
    if (plan.warm && ["claim-again", "shift", "bake"].includes(step)) {
      return { to: "claim-again", set: { shifted: true } };
    }
    const shifted = left === "traffic";
    return { to: wayBackFrom(shifted), set: { outcome: "cancelled", shifted } };
  },
  isCommitted: isReturn,
  // Only weights that cannot be moved back need the user.
  isStuck: ({ step }) => step === "put-back",
  keepsProbes: false,
});

/** The shortest way back to the old version: the weights first, if they may have moved. */
function back(plan: MovingPlan, state: ShiftState, { outcome }: Turn): Move<ShiftState, ShiftStep> {
  // A rollback to a warm version stays there even when that version fails, because the user left the other one for being worse.
  if (isReturn(plan, state) && (outcome === "rolled-back" || outcome === "timed-out")) {
    return { to: "close-probe", set: { outcome: "failed", stays: true } };
  }
  return { to: wayBackFrom(state.shifted) };
}

function wayBackFrom(shifted: boolean): ShiftStep {
  return shifted ? "put-back" : "withdraw-probe";
}
