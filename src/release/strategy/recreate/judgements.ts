import { alarmNews, outOfTime, unreadText } from "../bad-news.ts";
import { chooseInstance, type BeforeStep } from "../before.ts";
import type { Look, RolloutState } from "../machine.ts";
import type { MovingPlan } from "../moving-plan.ts";
import { judgeAddress, judgeRule, type ProbeVerdict } from "../probe-window.ts";
import type { Judgement, Turn } from "../step.ts";

export type RecreateStep =
  | BeforeStep
  | "claim"
  | "clear"
  | "point"
  | "start"
  | "fetch"
  | "pause"
  | "stop-old"
  | "wait"
  | "open-probe"
  | "probe"
  | "shift"
  | "resume"
  | "bake"
  | "close-probe"
  | "pause-back"
  | "stop-new"
  | "keep-old"
  | "start-old"
  | "wait-old"
  | "put-back"
  | "resume-back"
  | "see-back"
  | "withdraw-probe"
  | "discard";

export interface RecreateState extends RolloutState {
  readonly step: RecreateStep;
  /** Whether the next change, or one before, is one after which the old version may not run. */
  readonly stopped: boolean;
}

type Judged = Judgement<RecreateState, RecreateStep>;

export function recreateBadNews(plan: MovingPlan, state: RecreateState, look: Look): Turn | null {
  const { candidate } = look;
  return candidate.verdict === "failed"
    ? { outcome: "rolled-back", failure: candidate }
    : outOfTime(plan, state, look);
}

/** Until the image is on the machine: a pull must not count as time without an answer. */
export function judgeFetch(plan: MovingPlan, state: RecreateState, look: Look): Judged {
  const { candidate, members } = look;
  const { to } = plan;
  const command = chooseInstance(plan, state, look);
  if (command !== null) return command;
  const isHere = (members ?? []).some(
    ({ deployment, fetched, ready }) => deployment === to.deployment && (fetched === true || ready),
  );
  return isHere
    ? { to: "open-probe" }
    : { wait: candidate.verdict === "failed" ? "" : candidate.detail };
}

export function judgeStart(_plan: MovingPlan, _state: RecreateState, { candidate }: Look): Judged {
  return candidate.verdict === "healthy"
    ? { to: "probe" }
    : { wait: candidate.verdict === "failed" ? "" : candidate.detail };
}

/** Alarms say nothing yet: since the old version was stopped there are no requests. */
export function judgeOnlyProbe(plan: MovingPlan, state: RecreateState, look: Look): Judged {
  const verdict = judgeRule(plan, state.probes, (look.at - state.entered) / 1000);
  if (verdict.verdict === "bad") {
    return { back: { outcome: "rolled-back", failure: verdict.failure } };
  }
  return verdict.verdict === "waiting"
    ? { wait: verdict.detail }
    : { to: "shift", set: { muted: look.alarms.map(({ alarm }) => alarm) } };
}

export function judgeWatch(plan: MovingPlan, state: RecreateState, look: Look): Judged {
  const address = judgeAddress(plan, state.probes, true);
  const failure = [
    alarmNews(state, look),
    failureOf(judgeRule(plan, state.probes, 0)),
    failureOf(address),
  ].find(Boolean);
  if (failure !== undefined) return { back: { outcome: "rolled-back", failure } };
  const unread = unreadText(look);
  if (unread !== null) return { wait: unread };
  const seconds = (look.at - state.entered) / 1000;
  const of = plan.bakeSeconds === 0 ? "" : ` of ${plan.bakeSeconds} s`;
  return seconds < plan.bakeSeconds || address.verdict !== "good"
    ? { wait: `${Math.floor(seconds)} s${of}, ${address.detail}` }
    : { to: "close-probe", set: { outcome: "succeeded" } };
}

/** The old container starts again, from an image that is still there. */
export function judgeStartOld({ from }: MovingPlan, _state: RecreateState, look: Look): Judged {
  const own = look.previous?.find(({ deployment }) => deployment === from.deployment);
  return own?.serving === true
    ? { to: "put-back" }
    : { wait: own === undefined ? "it has not started yet" : "it is starting" };
}

export function judgeSeeOld({ from }: MovingPlan, state: RecreateState, look: Look): Judged {
  const last = look.probes.findLast((probe) => probe.by === "address");
  const isOld =
    last !== undefined && last.good && (last.version === null || last.version === from.version);
  return isOld || look.at - state.entered > longestSeeMilliseconds
    ? { to: "withdraw-probe" }
    : { wait: last?.detail ?? "no answer yet" };
}

function failureOf(verdict: ProbeVerdict) {
  return verdict.verdict === "bad" ? verdict.failure : undefined;
}

const longestSeeMilliseconds = 20_000;
