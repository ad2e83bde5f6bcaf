import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import { beforeLines, beforeSteps, chooseInstance, pointHeld, type BeforeStep } from "./before.ts";
import { firstError } from "./ending-error.ts";
import type { Action, Look, Machine, RolloutState } from "./machine.ts";
import { countText, onward, wayBack } from "./phases.ts";
import { blank, createMachine } from "./shell.ts";
import { byAddress, type Judgement, type Phase, type Step, type Turn } from "./step.ts";
import { drawingOf, factsOf, type Strategy } from "./strategy.ts";

type FirstStep =
  | BeforeStep
  | "point"
  | "start"
  | "wait"
  | "address"
  | "set-minimum"
  | "resume-scaling"
  | "keep"
  | "resume-scaling-kept"
  | "discard";

interface FirstState extends RolloutState {
  readonly step: FirstStep;
}

/**
 * A stack's first release. Nothing serves yet, so there is no traffic to move. When its instances do not become healthy, they are
 * stopped, because a loop of failing machines costs money. Healthy ones stay, even if the address does not answer here.
 */
const firstSteps: Readonly<Record<FirstStep, Step<FirstState, RolloutPlan, FirstStep>>> = {
  point: {
    next: ["start"],
    change: (plan, state) => pointHeld(plan, state, "at-once"),
    needsNote: () => true,
    leaves: "nothing",
    phase: startPhase,
  },
  start: {
    next: ["wait"],
    change: ({ to, instances: count }) => ({
      do: "scale",
      colour: to.colour,
      minimum: count,
      desired: count,
    }),
    leaves: "nothing",
    phase: startPhase,
  },
  ...beforeSteps<FirstState, RolloutPlan, "wait">({
    leaves: "nothing",
    update: "at-once",
    wait: "wait",
  }),
  wait: {
    next: ["address", "run-before"],
    judge: judgeInstances,
    pace: () => "health",
    leaves: "nothing",
    phase: startPhase,
  },
  address: {
    next: ["set-minimum"],
    judge: judgeAddressOfFirst,
    probes: byAddress,
    pace: () => "answers",
    leaves: "nothing",
    phase: () => onward("address", "Wait for the address"),
  },
  "set-minimum": {
    next: ["resume-scaling"],
    change: ({ to, minimum }) => ({ do: "scale", colour: to.colour, minimum, desired: null }),
    leaves: "tidying",
    phase: () => onward("address", "Wait for the address"),
  },
  "resume-scaling": {
    next: [],
    change: resumeScaling,
    leaves: "tidying",
    phase: () => onward("address", "Wait for the address"),
  },
  // All targets are healthy, so users may be served already. Only this machine may be unable to reach the address.
  keep: {
    next: ["resume-scaling-kept"],
    change: ({ to, minimum }) => ({ do: "scale", colour: to.colour, minimum, desired: null }),
    leaves: "tidying",
    phase: () => onward("address", "Wait for the address"),
  },
  "resume-scaling-kept": {
    next: [],
    change: resumeScaling,
    leaves: "tidying",
    phase: () => onward("address", "Wait for the address"),
  },
  discard: {
    next: [],
    change: ({ to }) => ({ do: "scale", colour: to.colour, minimum: 0, desired: 0 }),
    leaves: "nothing",
    phase: ({ to }) => wayBack("discard", `Stop the instances of ${to.version}`),
  },
};

export const firstMachine: Machine<FirstState> = createMachine({
  narrow: (plan) => plan,
  blank: { ...blank, step: "point" },
  steps: firstSteps,
  begin: () => ({ to: "point" }),
  badNews,
  back: (_plan, { step }, { outcome }) => ({
    to: step === "address" && outcome === "timed-out" ? "keep" : "discard",
  }),
  resume: (_plan, step, left) => {
    if (step === "keep" || step === "resume-scaling-kept") {
      return { to: "keep", set: { outcome: "timed-out", failure: unanswered("") } };
    }
    return left === "tidying"
      ? { to: "set-minimum", set: { outcome: "succeeded" } }
      : { to: "discard", set: { outcome: "cancelled" } };
  },
  isStuck: ({ step }) => step === "discard",
  keepsProbes: false,
});

export const first: Strategy = {
  name: "first",
  colour: (serving) => serving,
  stages: () => [],
  needs: () => [],
  machine: firstMachine,
  facts: factsOf(firstSteps, (plan) => plan),
  describe: (plan) => [
    `start ${countText(plan.instances)} of ${plan.to.version}, and wait until they are healthy`,
    ...beforeLines(plan),
    `wait until the address answers with ${plan.to.version}`,
  ],
  error: firstError,
  cancelled: () => "its instances were stopped",
  drawing: drawingOf(firstSteps),
};

function resumeScaling({ to }: RolloutPlan): Action {
  return { do: "scaling", serving: to.colour, isOn: true };
}

function badNews(_plan: RolloutPlan, _state: FirstState, { candidate }: Look): Turn | null {
  return candidate.verdict === "failed" ? { outcome: "failed", failure: candidate } : null;
}

function judgeInstances(
  plan: RolloutPlan,
  state: FirstState,
  look: Look,
): Judgement<FirstState, FirstStep> {
  const { timeoutSeconds } = plan;
  const { candidate } = look;
  const command = chooseInstance(plan, state, look);
  if (command !== null && !("wait" in command)) return command;
  if (candidate.verdict === "healthy") {
    return { to: "address" };
  }
  const found = candidate.verdict === "failed" ? candidate.cause : candidate.detail;
  const detail = command?.wait ?? found;
  return look.at - state.began > timeoutSeconds * 1000
    ? late(`it was not healthy within ${timeoutSeconds} s`, "instances", detail)
    : { wait: detail };
}

/** Where the app reports its version, that version decides. Otherwise the answer comes from healthy targets that all run the release. */
function judgeAddressOfFirst(
  { to }: RolloutPlan,
  state: FirstState,
  look: Look,
): Judgement<FirstState, FirstStep> {
  const last = state.probes.at(-1);
  const isRight =
    last !== undefined && last.good && (last.version === null || last.version === to.version);
  if (isRight && look.candidate.verdict === "healthy") {
    return { to: "set-minimum", set: { outcome: "succeeded" } };
  }
  const by = (last?.version ?? null) === null ? "" : ` by version ${last?.version}`;
  const detail = `${last?.detail ?? "no answer yet"}${by}`;
  return look.at - state.entered > addressSeconds * 1000
    ? { back: { outcome: "timed-out", failure: unanswered(detail) } }
    : { wait: detail };
}

function late(cause: string, where: string, detail: string): { readonly back: Turn } {
  return { back: { outcome: "timed-out", failure: { cause, where, detail: [detail] } } };
}

function unanswered(detail: string): RolloutFailure {
  return {
    cause: "its targets are healthy, but the address does not answer with this version",
    where: "address",
    detail: detail === "" ? [] : [detail],
  };
}

function startPhase({ to, before }: RolloutPlan, state: Pick<FirstState, "before">): Phase {
  return before !== undefined && state.before.isOver
    ? onward("wait", `Start ${to.version}`)
    : onward("instances", "Start the instances");
}

/** A new load balancer takes up to a minute until every node of it answers. */
const addressSeconds = 180;
