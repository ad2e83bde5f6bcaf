import { durationText } from "../../report/text.ts";
import { beforeLines, beforeSteps, pointHeld } from "./before.ts";
import type { Update } from "../../state/release-pointer.ts";
import { movingError } from "./ending-error.ts";
import type { Action, Machine } from "./machine.ts";
import { movingPlan, setMinimum, type MovingPlan } from "./moving-plan.ts";
import { countText, rollingPhases as phase } from "./phases.ts";
import {
  judgeChoose,
  judgeRejoin,
  judgeRollingBake,
  judgeUpdate,
  rollingBadNews,
  wantedRelease,
  whenSeen,
  type RollingState,
  type RollingStep,
} from "./rolling-judgements.ts";
import { blank, createMachine } from "./shell.ts";
import { byAddress, type Step } from "./step.ts";
import { drawingOf, factsOf, type NeedsFacts, type Objection, type Strategy } from "./strategy.ts";

/**
 * Updates in place, for fleets that cannot double. Batch by batch, the serving colour's instances go to Standby, where AWS sends them no
 * requests. There they take the new release, prove it, and come back. A rollback does the same with the old release.
 */
const rollingSteps: Readonly<Record<RollingStep, Step<RollingState, MovingPlan, RollingStep>>> = {
  claim: {
    next: ["point"],
    change: ({ to }) => ({ do: "claim", colour: to.colour }),
    needsNote: () => true,
    leaves: "traffic",
    phase: phase.walk,
  },
  point: {
    next: ["pause-scaling"],
    change: (plan, state) => point(plan, state, "in-standby"),
    leaves: "traffic",
    phase: phase.walk,
  },
  // A policy would end instances below the lowered minimum.
  "pause-scaling": {
    next: ["lower-minimum"],
    change: ({ to }) => ({ do: "scaling", serving: to.colour, isOn: false }),
    leaves: "traffic",
    phase: phase.walk,
  },
  "lower-minimum": {
    next: ["pause-balance"],
    change: (plan, state) => lowerMinimum(plan, state, null),
    leaves: "traffic",
    phase: phase.walk,
  },
  // A batch from one zone would make the group launch an instance elsewhere, which takes the unproven release at once.
  "pause-balance": {
    next: ["choose"],
    change: ({ to }) => ({ do: "balance", colour: to.colour, isOn: false }),
    leaves: "traffic",
    phase: phase.walk,
  },
  choose: {
    next: ["take-out", "update", "bake", "point-back", "refill", "run-before"],
    judge: whenSeen(judgeChoose),
    probes: byAddress,
    leaves: "traffic",
    phase: phase.walk,
  },
  "take-out": {
    next: ["update"],
    change: ({ to }, { batch }) => ({
      do: "enter-standby",
      colour: to.colour,
      instances: batch,
    }),
    leaves: "traffic",
    phase: phase.walk,
  },
  ...beforeSteps<RollingState, MovingPlan, "choose">({
    leaves: "traffic",
    update: "in-standby",
    wait: "choose",
    probes: byAddress,
  }),
  update: {
    next: ["bring-back", "run-before"],
    judge: whenSeen(judgeUpdate),
    probes: byAddress,
    leaves: "traffic",
    phase: phase.walk,
  },
  "bring-back": {
    next: ["rejoin"],
    change: ({ to }, { batch }) => ({ do: "exit-standby", colour: to.colour, instances: batch }),
    leaves: "traffic",
    phase: phase.walk,
  },
  rejoin: {
    next: ["choose"],
    judge: whenSeen(judgeRejoin),
    probes: byAddress,
    leaves: "traffic",
    phase: phase.walk,
  },
  // The group does not replace an instance that dies in Standby, because Standby lowered its desired capacity.
  refill: {
    next: ["choose"],
    change: (plan, state) => lowerMinimum(plan, state, plan.instances),
    changed: { refilled: true },
    leaves: "traffic",
    phase: phase.walk,
  },
  bake: {
    next: ["finish"],
    judge: judgeRollingBake,
    probes: byAddress,
    pace: ({ bakeSeconds }) => (bakeSeconds === 0 ? "answers" : "usual"),
    leaves: "traffic",
    phase: phase.bake,
  },
  finish: {
    next: ["set-minimum"],
    change: (plan, state) => point(plan, state, "at-once"),
    leaves: "tidying",
    phase: phase.tidy,
  },
  "set-minimum": {
    next: ["resume-balance"],
    change: setMinimum,
    leaves: "tidying",
    phase: phase.tidy,
  },
  "resume-balance": {
    next: ["resume-scaling"],
    change: resumeBalance,
    leaves: "tidying",
    phase: phase.tidy,
  },
  "resume-scaling": { next: [], change: resumeScaling, leaves: "tidying", phase: phase.tidy },

  // The same at the end of a rollback. A run that continues a killed one knows from the step alone which release is wanted.
  "point-back": {
    next: ["set-minimum-back"],
    change: (plan, state) => point(plan, state, "at-once"),
    leaves: "traffic",
    phase: phase.tidy,
  },
  "set-minimum-back": {
    next: ["resume-balance-back"],
    change: setMinimum,
    leaves: "traffic",
    phase: phase.tidy,
  },
  "resume-balance-back": {
    next: ["resume-scaling-back"],
    change: resumeBalance,
    leaves: "traffic",
    phase: phase.tidy,
  },
  "resume-scaling-back": { next: [], change: resumeScaling, leaves: "traffic", phase: phase.tidy },
};

export const rollingMachine: Machine<RollingState> = createMachine({
  narrow: movingPlan,
  blank: { ...blank, step: "claim", batch: [], refilled: false },
  steps: rollingSteps,
  begin: (plan) => ({ to: "claim", set: { muted: plan.startAlarms } }),
  badNews: rollingBadNews,
  // No instance knows about it yet, and perhaps no note makes the next run repair what a kill leaves here.
  back: (_plan, { step }) => ({
    to: step === "claim" ? "point-back" : "point",
    set: { batch: [] },
  }),
  resume: (_plan, _step, left) =>
    left === "tidying"
      ? { to: "finish", set: { outcome: "succeeded" } }
      : { to: "point", set: { outcome: "cancelled" } },
  // An instance of the batch may be gone by now, so choose again.
  retry: ({ step }) => (step === "take-out" || step === "bring-back" ? "choose" : null),
  // After a success only tidying is open, and the new version has all traffic.
  // The balance of the zones and the policies decide about no traffic.
  isStuck: ({ outcome, step }) => outcome !== "succeeded" && !/-(?:balance|scaling)/.test(step),
  isOverdue: (_plan, state, look) =>
    look.at - state.began > longestWayBackSeconds * 1000 &&
    !/^(?:set-minimum|resume-)/.test(state.step),
  // The probes of one batch count for the next one as well.
  keepsProbes: true,
});

export const rolling: Strategy = {
  name: "rolling",
  colour: (serving) => serving,
  stages: () => [],
  needs: othersThatServe,
  machine: rollingMachine,
  facts: factsOf(rollingSteps, movingPlan),
  describe: (plan) => {
    const { to, batch, instances, bakeSeconds } = plan;
    return [
      `take the ${countText(instances)} of ${to.colour} out of traffic ${batch} at a time, start ${to.version} on each, wait until it is healthy, and bring it back`,
      ...beforeLines(plan),
      `watch ${to.version} for ${durationText(bakeSeconds)}`,
    ];
  },
  error: (plan, ending) => movingError(movingPlan(plan), ending),
  cancelled: (plan) => `${movingPlan(plan).from.version} has all traffic`,
  drawing: drawingOf(rollingSteps),
};

function point(
  plan: MovingPlan,
  state: Pick<RollingState, "before" | "outcome">,
  update: Update,
): Action {
  if (state.outcome === null) return pointHeld(plan, state, update);
  return { do: "point", colour: plan.to.colour, deployment: wantedRelease(plan, state), update };
}

/** An instance goes to Standby only while the group may be one smaller; on the way back more than a batch may be out at once. */
function lowerMinimum(
  { to, instances, batch }: MovingPlan,
  { outcome }: Pick<RollingState, "outcome">,
  desired: number | null,
): Action {
  const minimum = outcome === null ? Math.max(0, instances - batch) : 0;
  return { do: "scale", colour: to.colour, minimum, desired };
}

function resumeBalance({ to }: MovingPlan): Action {
  return { do: "balance", colour: to.colour, isOn: true };
}

function resumeScaling({ to }: MovingPlan): Action {
  return { do: "scaling", serving: to.colour, isOn: true };
}

function othersThatServe({ fleet, serving, batch }: NeedsFacts): readonly Objection[] {
  const count = fleet.instances.filter(({ colour }) => colour === serving).length;
  return count > batch
    ? []
    : [
        {
          what: `rolling takes ${batch} of ${count} instances out at a time, so none would serve`,
          next: "raise instances.min and run infer-deploy up, or choose --strategy blue-green",
          canForce: false,
        },
      ];
}

const longestWayBackSeconds = 3600;
