import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { actionOf, blank, enter, type ShiftState } from "./shift-actions.ts";
import { judgeAddress, judgeRule, type ProbeVerdict } from "./probe-window.ts";
import {
  endingOf,
  type Action,
  type Event,
  type Failure,
  type Look,
  type Machine,
  type Outcome,
} from "./machine.ts";

/**
 * blue-green, canary and linear: the new version starts on the idle colour and is proven there, then the listener's weights move
 * in stages. Until the first of them the serving colour is not touched; after it, one call gives everything back.
 */
export const shiftMachine: Machine<ShiftState> = {
  start: (plan, at) => enter(plan, { ...blank, began: at }, plan.warm ? "claim-warm" : "claim", at),
  resume: (plan, step, at) => {
    const state: ShiftState = { ...blank, began: at };
    if (forward.has(step)) {
      return enter(plan, { ...state, outcome: "succeeded", shifted: true }, "close-probe", at);
    }
    // A rollback that was on its way is the way to the good version.
    if (plan.warm && (step === "shift" || step === "bake")) {
      return enter(plan, { ...state, shifted: true }, "shift", at);
    }
    // A step that was begun may have been done.
    const shifted = withTraffic.has(step);
    return turnBack(plan, { ...state, shifted }, at, "cancelled", null);
  },
  next: (plan, state, event) => {
    if (state.ended !== null) {
      return state;
    }
    switch (event.type) {
      case "acted":
        return afterAction(plan, { ...state, attempts: 0 }, event.at);
      case "action-failed":
        return afterFailedAction(plan, state, event);
      case "interrupted":
        return isDecided(state) || isReturn(plan, state)
          ? state
          : turnBack(plan, state, event.at, "cancelled", null);
      case "looked":
        return afterLook(plan, state, event.look);
    }
  },
};

function afterAction(plan: RolloutPlan, state: ShiftState, at: number): ShiftState {
  switch (state.step) {
    case "claim":
      return enter(plan, state, "clear", at);
    case "clear":
      return enter(plan, state, "point", at);
    case "claim-warm":
      return enter(plan, state, "hold", at);
    case "point":
      return enter(plan, state, "start", at);
    case "start":
      return enter(plan, state, "wait", at);
    case "hold":
      return enter(plan, { ...state, shifted: true }, "shift", at);
    case "open-probe":
      return enter(plan, state, "probe", at);
    case "shift":
      return enter(plan, state, "bake", at);
    case "close-probe":
      return enter(plan, state, "set-minimum", at);
    case "set-minimum":
      return enter(plan, state, "retire-previous", at);
    case "put-back":
      return enter(plan, state, "see-back", at);
    case "withdraw-probe":
      return enter(plan, state, "discard", at);
    case "retire-previous":
    case "discard":
      return end(state, false);
    case "wait":
    case "probe":
    case "bake":
    case "see-back":
    case "end":
      return state;
  }
}

/** Before the decision a failed call is a reason to turn back. After it, what has to be done is tried again with every look. */
function afterFailedAction(
  plan: RolloutPlan,
  state: ShiftState,
  event: Extract<Event, { readonly type: "action-failed" }>,
): ShiftState {
  if (!isDecided(state)) {
    const cause = `${actionText(state.action)} was refused: ${event.reason}`;
    return turnBack(plan, state, event.at, "failed", { cause, where: "AWS", detail: [] });
  }
  if (state.attempts < mostAttempts) {
    return { ...state, action: null, attempts: state.attempts + 1, detail: event.reason };
  }
  // Weights that cannot be put back are the one thing that nobody may be left in the dark about.
  return state.step === "put-back"
    ? end({ ...state, detail: event.reason }, true)
    : afterAction(plan, { ...state, attempts: 0 }, event.at);
}

function afterLook(plan: RolloutPlan, state: ShiftState, look: Look): ShiftState {
  if (state.step === "see-back") {
    return afterSeeBack(plan, state, look);
  }
  if (isDecided(state)) {
    return state.action === null ? { ...state, action: actionOf(plan, state.step, state) } : state;
  }
  if (look.candidate.verdict === "failed" && !isReturn(plan, state)) {
    return turnBack(plan, state, look.at, "rolled-back", look.candidate);
  }
  if (look.at - state.began > plan.timeoutSeconds * 1000) {
    const cause = `it was not done within ${plan.timeoutSeconds} s`;
    const failure = { cause, where: `step ${state.step}: ${state.detail}`, detail: [] };
    return giveUp(plan, state, look.at, "timed-out", failure);
  }
  const seen = { ...state, probes: [...state.probes, ...look.probes].slice(-probesKept) };
  switch (state.step) {
    case "wait":
      return look.candidate.verdict === "healthy"
        ? enter(plan, seen, "open-probe", look.at)
        : { ...seen, detail: look.candidate.verdict === "failed" ? "" : look.candidate.detail };
    case "probe":
      return afterProbe(plan, seen, look);
    case "bake":
      return afterBake(plan, seen, look);
    default:
      return seen;
  }
}

function afterProbe(plan: RolloutPlan, state: ShiftState, look: Look): ShiftState {
  const verdict = judgeRule(plan, state.probes, (look.at - state.entered) / 1000);
  if (verdict.verdict === "bad") {
    return turnBack(plan, state, look.at, "rolled-back", verdict.failure);
  }
  // An alarm that is on now would end the release at its first request.
  const on = look.alarms.find(({ alarm }) => !plan.startAlarms.includes(alarm));
  if (verdict.verdict === "good" && on !== undefined) {
    return { ...state, detail: `waits until an alarm is over: ${on.cause}` };
  }
  const muted = look.alarms.map(({ alarm }) => alarm);
  return verdict.verdict === "good"
    ? enter(plan, { ...state, stage: 0, shifted: true, muted }, "shift", look.at)
    : { ...state, detail: verdict.detail };
}

function afterBake(plan: RolloutPlan, before: ShiftState, look: Look): ShiftState {
  const on = new Set(look.alarms.map(({ alarm }) => alarm));
  // An alarm that the start set off counts again once it has been quiet.
  const state = { ...before, muted: before.muted.filter((alarm) => on.has(alarm)) };
  const stage = plan.stages[state.stage];
  const isLast = state.stage >= plan.stages.length - 1;
  const alarm = look.alarms.find((one) => !state.muted.includes(one.alarm));
  if (alarm !== undefined && !plan.warm) {
    return turnBack(plan, state, look.at, "rolled-back", alarm);
  }
  const address: ProbeVerdict = judgeAddress(plan, state.probes, isLast);
  const rule = plan.warm ? null : judgeRule(plan, state.probes, 0);
  for (const verdict of [address, rule]) {
    if (verdict?.verdict === "bad") {
      return giveUp(plan, state, look.at, "rolled-back", verdict.failure);
    }
  }
  const seconds = (look.at - state.entered) / 1000;
  if (seconds < (stage?.bakeSeconds ?? 0) || address.verdict !== "good") {
    const of = stage === undefined || stage.bakeSeconds === 0 ? "" : ` of ${stage.bakeSeconds} s`;
    return { ...state, detail: `${Math.floor(seconds)} s${of}, ${address.detail}` };
  }
  return isLast
    ? enter(plan, { ...state, outcome: "succeeded" }, "close-probe", look.at)
    : enter(plan, { ...state, stage: state.stage + 1 }, "shift", look.at);
}

/** The weights are set, but take a moment to reach the load balancer: whoever reads that it is over may rely on it. */
function afterSeeBack(plan: RolloutPlan, state: ShiftState, look: Look): ShiftState {
  const seconds = (look.at - state.entered) / 1000;
  const last = look.probes.findLast((probe) => probe.by === "address");
  const isOld =
    last !== undefined &&
    last.good &&
    (last.version === null || last.version === plan.from.version);
  return (isOld && seconds >= leastSpreadSeconds) || seconds > longestSeeSeconds
    ? enter(plan, state, "withdraw-probe", look.at)
    : { ...state, detail: last?.detail ?? "no answer yet" };
}

/** Back to the old version by the shortest way: the weights first, if they can have been moved. */
function turnBack(
  plan: RolloutPlan,
  state: ShiftState,
  at: number,
  outcome: Outcome,
  failure: Failure | null,
): ShiftState {
  const decided = { ...state, outcome, failure, attempts: 0 };
  return enter(plan, decided, state.shifted ? "put-back" : "withdraw-probe", at);
}

/** A return to a version that was good stays where it is, whatever is wrong with it: the other one was left for being worse. */
function giveUp(
  plan: RolloutPlan,
  state: ShiftState,
  at: number,
  outcome: Outcome,
  failure: Failure,
): ShiftState {
  return isReturn(plan, state)
    ? enter(plan, { ...state, outcome: "failed", failure, attempts: 0 }, "close-probe", at)
    : turnBack(plan, state, at, outcome, failure);
}

/** Whether a warm rollback has begun to move the traffic. */
function isReturn(plan: RolloutPlan, state: ShiftState): boolean {
  return plan.warm && state.shifted;
}

function end(state: ShiftState, stuck: boolean): ShiftState {
  return { ...state, step: "end", action: null, ended: endingOf(state, stuck) };
}

function isDecided(state: ShiftState): boolean {
  return state.outcome !== null;
}

function actionText(action: Action | null): string {
  return action === null ? "a change" : `the change "${action.do}"`;
}

/** From these on everything is on the new version, and only tidying is left. */
const forward: ReadonlySet<string> = new Set(["close-probe", "set-minimum", "retire-previous"]);

/** From these on the new version may have traffic. */
const withTraffic: ReadonlySet<string> = new Set(["shift", "bake", "put-back", "see-back"]);

/** With a small share for the new version, one answer of the old one proves nothing before this. */
const leastSpreadSeconds = 1.5;
const longestSeeSeconds = 20;

const mostAttempts = 30;

const probesKept = 200;
