import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { actionOf, blank, enter, sideOf, type RollingState } from "./rolling-actions.ts";
import { judgeAddress } from "./probe-window.ts";
import {
  endingOf,
  type Event,
  type Failure,
  type Look,
  type Machine,
  type Member,
  type Outcome,
} from "./machine.ts";

/**
 * In place, for fleets that cannot double: batch by batch the serving colour's instances go to Standby, where AWS sends them nothing,
 * take the new release there, prove it, and come back. The way back is the same walk with the old release.
 */
export const rollingMachine: Machine<RollingState> = {
  start: (plan, at) => enter(plan, { ...blank, began: at, muted: plan.startAlarms }, "claim", at),
  resume: (plan, step, at) => {
    const state = { ...blank, began: at };
    return step === "finish" || step === "set-minimum"
      ? enter(plan, { ...state, outcome: "succeeded" }, "finish", at)
      : turnBack(plan, state, at, "cancelled", null);
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
        return state.outcome === null ? turnBack(plan, state, event.at, "cancelled", null) : state;
      case "looked":
        return afterLook(plan, state, event.look);
    }
  },
};

function afterAction(plan: RolloutPlan, state: RollingState, at: number): RollingState {
  switch (state.step) {
    case "claim":
      return enter(plan, state, "point", at);
    case "point":
      return enter(plan, state, "lower-minimum", at);
    case "lower-minimum":
      return enter(plan, state, "choose", at);
    case "take-out":
      return enter(plan, state, "update", at);
    case "bring-back":
      return enter(plan, state, "rejoin", at);
    case "finish":
      return enter(plan, state, "set-minimum", at);
    case "set-minimum":
      return end(state, false);
    case "choose":
    case "update":
    case "rejoin":
    case "bake":
    case "end":
      return state;
  }
}

function afterFailedAction(
  plan: RolloutPlan,
  state: RollingState,
  event: Extract<Event, { readonly type: "action-failed" }>,
): RollingState {
  if (state.outcome === null) {
    const cause = `AWS refused a change: ${event.reason}`;
    return turnBack(plan, state, event.at, "failed", {
      cause,
      where: `step ${state.step}`,
      detail: [],
    });
  }
  if (state.attempts < mostAttempts) {
    // Instances may have gone meanwhile, so a batch is chosen anew.
    const isBatch = state.step === "take-out" || state.step === "bring-back";
    const next = isBatch ? enter(plan, state, "choose", event.at) : { ...state, action: null };
    return { ...next, attempts: state.attempts + 1, detail: event.reason };
  }
  return end({ ...state, detail: event.reason }, true);
}

function afterLook(plan: RolloutPlan, state: RollingState, look: Look): RollingState {
  if (state.outcome === null) {
    const failure = badNews(plan, state, look);
    if (failure !== null) {
      return turnBack(plan, state, look.at, failure.outcome, failure);
    }
  } else if (look.at - state.began > longestWayBackSeconds * 1000 && state.step !== "set-minimum") {
    return end(state, true);
  }
  const on = new Set(look.alarms.map(({ alarm }) => alarm));
  const seen = {
    ...state,
    probes: [...state.probes, ...look.probes].slice(-probesKept),
    muted: state.muted.filter((alarm) => on.has(alarm)),
  };
  const { wanted } = sideOf(plan, state);
  switch (state.step) {
    case "choose":
      return choose(plan, seen, look, wanted);
    case "update": {
      const out = look.members.filter((member) => state.batch.includes(member.id));
      const isDone = out.every((member) => member.lifecycle === "Standby" && runs(member, wanted));
      // On the way back an instance that does not recover is given to the group, which replaces what is unhealthy.
      const isOver = state.outcome !== null && seconds(state, look) > longestRecoverySeconds;
      return isDone || isOver
        ? enter(plan, { ...seen, batch: out.map(({ id }) => id) }, "bring-back", look.at)
        : { ...seen, detail: out.map(memberText).join("; ") };
    }
    case "rejoin": {
      const back = look.members.filter((member) => state.batch.includes(member.id));
      const isDone = back.every((member) => member.serving);
      const isOver = state.outcome !== null && seconds(state, look) > longestRecoverySeconds;
      return isDone || isOver
        ? enter(plan, { ...seen, batch: [] }, "choose", look.at)
        : { ...seen, detail: back.map(memberText).join("; ") };
    }
    case "bake": {
      const address = judgeAddress(plan, seen.probes, true);
      return seconds(state, look) >= plan.bakeSeconds && address.verdict === "good"
        ? enter(plan, { ...seen, outcome: "succeeded" }, "finish", look.at)
        : {
            ...seen,
            detail: `${Math.floor(seconds(state, look))} s of ${plan.bakeSeconds} s, ${address.detail}`,
          };
    }
    default:
      return state.action === null ? { ...seen, action: actionOf(plan, state.step, state) } : seen;
  }
}

/** The next batch: whoever does not run what is wanted, as many as may be missing at once. */
function choose(plan: RolloutPlan, state: RollingState, look: Look, wanted: number): RollingState {
  const live = look.members.filter((member) => !member.lifecycle.startsWith("Terminat"));
  const waiting = live.filter((member) => /^(Pending|Entering)/.test(member.lifecycle));
  const standby = live.filter((member) => member.lifecycle === "Standby");
  if (standby.length > 0) {
    return enter(plan, { ...state, batch: standby.map(({ id }) => id) }, "update", look.at);
  }
  const stale = live.filter(
    (member) => member.lifecycle === "InService" && member.deployment !== wanted,
  );
  if (stale.length > 0 && waiting.length === 0) {
    const good = live.filter((member) => member.serving && member.deployment === wanted).length;
    // On the way back what is bad leaves as soon as something else can serve.
    const most =
      state.outcome === null || state.outcome === "succeeded"
        ? plan.batch
        : good > 0
          ? stale.length
          : Math.max(1, stale.length - 1);
    return enter(
      plan,
      { ...state, batch: stale.slice(0, most).map(({ id }) => id) },
      "take-out",
      look.at,
    );
  }
  const settled = live.every((member) => member.serving && member.deployment === wanted);
  if (settled && live.length > 0) {
    return enter(plan, state, state.outcome === null ? "bake" : "finish", look.at);
  }
  return { ...state, detail: live.map(memberText).join("; ") };
}

interface BadNews extends Failure {
  readonly outcome: Outcome;
}

function badNews(plan: RolloutPlan, state: RollingState, look: Look): BadNews | null {
  const bad = (failure: Failure): BadNews => ({ ...failure, outcome: "rolled-back" });
  if (look.candidate.verdict === "failed") {
    return bad(look.candidate);
  }
  // Before the first batch has come back nothing of the new version can be to blame.
  const alarm = look.alarms.find((one) => !state.muted.includes(one.alarm));
  if (alarm !== undefined && state.step !== "claim" && state.step !== "point") {
    return bad(alarm);
  }
  const address = judgeAddress(plan, [...state.probes, ...look.probes], false);
  if (address.verdict === "bad") {
    return bad(address.failure);
  }
  if (look.at - state.began > plan.timeoutSeconds * 1000) {
    const cause = `it was not done within ${plan.timeoutSeconds} s`;
    return {
      cause,
      where: `step ${state.step}: ${state.detail}`,
      detail: [],
      outcome: "timed-out",
    };
  }
  return null;
}

function turnBack(
  plan: RolloutPlan,
  state: RollingState,
  at: number,
  outcome: Outcome,
  failure: Failure | null,
): RollingState {
  return enter(
    plan,
    { ...state, outcome, failure, attempts: 0, began: at, batch: [] },
    "point",
    at,
  );
}

function runs(member: Member, wanted: number): boolean {
  return member.ready && member.deployment === wanted;
}

function memberText(member: Member): string {
  const state = member.ready ? "ready" : "not ready";
  return `${member.id.slice(0, 10)} ${member.lifecycle}, release ${member.deployment ?? "-"} ${state}`;
}

function seconds(state: RollingState, look: Look): number {
  return (look.at - state.entered) / 1000;
}

function end(state: RollingState, stuck: boolean): RollingState {
  return { ...state, step: "end", action: null, ended: endingOf(state, stuck) };
}

const mostAttempts = 30;
const probesKept = 200;
const longestRecoverySeconds = 300;
const longestWayBackSeconds = 3600;
