import { durationText } from "../../../report/text.ts";
import { otherColour, type Colour } from "../../../stack/colour.ts";
import { beforeLines, beforeSteps, pointHeld } from "../before.ts";
import { movingError } from "../ending-error.ts";
import type { Action, Machine } from "../machine.ts";
import { movingPlan, raise, weigh, type MovingPlan } from "../moving-plan.ts";
import { recreatePhases as phase } from "../phases.ts";
import {
  judgeFetch,
  judgeOnlyProbe,
  judgeSeeOld,
  judgeStart,
  judgeStartOld,
  judgeWatch,
  recreateBadNews,
  type RecreateState,
  type RecreateStep,
} from "./judgements.ts";
import { blank, createMachine } from "../shell.ts";
import { byAddress, byBoth, byRule, type Step } from "../step.ts";
import { drawingOf, factsOf, type Strategy } from "../strategy.ts";

/**
 * For one machine that has no memory for two containers. The new image is fetched while the old version serves. Then the old container is
 * stopped, the new one starts alone, is proven, and gets the traffic. In between, users get 503 with Retry-After.
 */
const recreateSteps: Readonly<Record<RecreateStep, Step<RecreateState, MovingPlan, RecreateStep>>> =
  {
    claim: {
      next: ["clear"],
      change: ({ to }) => ({ do: "claim", colour: to.colour }),
      needsNote: () => true,
      leaves: "nothing",
      phase: phase.fetch,
    },
    clear: {
      next: ["point"],
      change: ({ to }) => ({ do: "clear", colour: to.colour }),
      leaves: "nothing",
      phase: phase.fetch,
    },
    point: {
      next: ["start"],
      change: (plan, state) => pointHeld(plan, state, "at-once"),
      leaves: "nothing",
      phase: phase.fetch,
    },
    // The slot's agent fetches the image, and starts no container next to another one.
    start: { next: ["fetch"], change: raise, leaves: "nothing", phase: phase.fetch },
    ...beforeSteps<RecreateState, MovingPlan, "fetch">({
      leaves: "nothing",
      update: "at-once",
      wait: "fetch",
    }),
    fetch: {
      next: ["open-probe", "run-before"],
      judge: judgeFetch,
      leaves: "nothing",
      phase: phase.fetch,
    },
    // Before the pause, which it would make longer.
    "open-probe": {
      next: ["pause"],
      change: ({ to }) => ({ do: "open-probe", colour: to.colour }),
      changed: { stopped: true },
      leaves: "nothing",
      phase: phase.fetch,
    },
    pause: {
      next: ["stop-old"],
      change: () => ({ do: "answer", by: "pause" }),
      needsNote: () => true,
      leaves: "traffic",
      phase: phase.replace,
    },
    "stop-old": {
      next: ["wait"],
      change: ({ from }) => stop(from.colour),
      leaves: "traffic",
      phase: phase.replace,
    },
    wait: {
      next: ["probe"],
      judge: judgeStart,
      pace: () => "health",
      leaves: "traffic",
      phase: phase.replace,
    },
    probe: {
      next: ["shift"],
      judge: judgeOnlyProbe,
      probes: byRule,
      pace: () => "answers",
      leaves: "traffic",
      phase: phase.replace,
    },
    shift: {
      next: ["resume"],
      change: (plan) => weigh(plan, 100),
      leaves: "traffic",
      phase: phase.replace,
    },
    resume: {
      next: ["bake"],
      change: () => ({ do: "answer", by: "service" }),
      leaves: "traffic",
      phase: phase.replace,
    },
    bake: {
      next: ["close-probe"],
      judge: judgeWatch,
      probes: byBoth,
      pace: ({ bakeSeconds }) => (bakeSeconds === 0 ? "answers" : "usual"),
      leaves: "traffic",
      phase: phase.bake,
    },
    "close-probe": {
      next: [],
      change: () => ({ do: "close-probe" }),
      leaves: "tidying",
      phase: phase.tidy,
    },

    // The rollback once the old version may be stopped. Each step may find that it is done already.
    "pause-back": {
      next: ["stop-new"],
      change: () => ({ do: "answer", by: "pause" }),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "stop-new": {
      next: ["keep-old"],
      change: ({ to }) => stop(to.colour),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "keep-old": {
      next: ["start-old"],
      change: ({ from }) => ({ do: "claim", colour: from.colour }),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "start-old": {
      next: ["wait-old"],
      change: ({ from, instances, minimum }) => ({
        do: "scale",
        colour: from.colour,
        minimum,
        desired: instances,
      }),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "wait-old": {
      next: ["put-back"],
      judge: judgeStartOld,
      leaves: "traffic",
      phase: phase.putBack,
    },
    "put-back": {
      next: ["resume-back"],
      change: (plan) => weigh(plan, 0),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "resume-back": {
      next: ["see-back"],
      change: () => ({ do: "answer", by: "service" }),
      leaves: "traffic",
      phase: phase.putBack,
    },
    "see-back": {
      next: ["withdraw-probe"],
      judge: judgeSeeOld,
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
      next: [],
      change: ({ to }) => ({ do: "scale", colour: to.colour, minimum: 0, desired: 0 }),
      leaves: "nothing",
      phase: phase.discard,
    },
  };

export const recreateMachine: Machine<RecreateState> = createMachine({
  narrow: movingPlan,
  blank: { ...blank, step: "claim", stopped: false },
  steps: recreateSteps,
  begin: () => ({ to: "claim" }),
  badNews: recreateBadNews,
  back: (_plan, { stopped }) => ({ to: stopped ? "pause-back" : "withdraw-probe" }),
  resume: (_plan, _step, left) =>
    left === "tidying"
      ? { to: "close-probe", set: { outcome: "succeeded", stopped: true } }
      : {
          to: left === "traffic" ? "pause-back" : "withdraw-probe",
          set: { outcome: "cancelled", stopped: left === "traffic" },
        },
  isStuck: ({ step }) => /^(?:keep-old|start-old|put-back|resume-back)$/.test(step),
  isOverdue: (_plan, state, look) =>
    state.step === "wait-old" && look.at - state.began > longestWayBackSeconds * 1000,
  keepsProbes: false,
});

export const recreate: Strategy = {
  name: "recreate",
  colour: otherColour,
  stages: ({ bakeSeconds }) => [{ weight: 100, bakeSeconds }],
  needs: () => [],
  machine: recreateMachine,
  facts: factsOf(recreateSteps, movingPlan),
  describe: (given) => {
    const { from, to, bakeSeconds } = movingPlan(given);
    return [
      `fetch the image of ${to.version} while ${from.version} serves`,
      ...beforeLines(given),
      `answer 503 with Retry-After, stop ${from.version} once its requests in flight have finished, and start ${to.version}: nothing serves in between`,
      `probe ${to.version} through a secret header, and give it all traffic`,
      `watch it for ${durationText(bakeSeconds)}; a failure starts ${from.version} again in the same way`,
    ];
  },
  error: (plan, ending) => movingError(movingPlan(plan), ending),
  cancelled: (plan) => `${movingPlan(plan).from.version} has all traffic`,
  drawing: drawingOf(recreateSteps),
};

/** The container ends and the machine stays on. An hour ago, because the machine's clock may be behind this one's. */
function stop(colour: Colour): Action {
  return { do: "retire", colour, seconds: -3600 };
}

/** A model that loads for long does so again. */
const longestWayBackSeconds = 3600;
