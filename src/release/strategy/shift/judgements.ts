import { alarmNews, outOfTime, unreadText } from "../bad-news.ts";
import { chooseInstance, type BeforeStep } from "../before.ts";
import type { RolloutFailure } from "../../observe/failure.ts";
import type { Look, RolloutState } from "../machine.ts";
import type { MovingPlan } from "../moving-plan.ts";
import { judgeAddress, judgeRule, type ProbeVerdict } from "../probe-window.ts";
import type { Judgement, Turn } from "../step.ts";

/** A step of blue-green, canary and linear. */
export type ShiftStep =
  | BeforeStep
  | "claim"
  | "claim-warm"
  | "claim-again"
  | "pause-scaling"
  | "pause-scaling-warm"
  | "clear"
  | "point"
  | "start"
  | "hold"
  | "wait"
  | "open-probe"
  | "probe"
  | "grow"
  | "fill"
  | "shift"
  | "bake"
  | "close-probe"
  | "set-minimum"
  | "resume-scaling"
  | "retire-previous"
  | "put-back"
  | "see-back"
  | "withdraw-probe"
  | "discard"
  | "resume-scaling-back";

export interface ShiftState extends RolloutState {
  readonly step: ShiftStep;
  /** Whether a change of the weights was begun. Then the new version may have traffic. */
  readonly shifted: boolean;
  /** Instances that the next share needs, where that is more than there are. */
  readonly wanted: number;
}

type Judged = Judgement<ShiftState, ShiftStep>;

/** The causes that roll a release back at any step before its outcome is decided. */
export function shiftBadNews(plan: MovingPlan, state: ShiftState, look: Look): Turn | null {
  const { candidate } = look;
  if (candidate.verdict === "failed" && !isReturn(plan, state)) {
    return { outcome: "rolled-back", failure: candidate };
  }
  return outOfTime(plan, state, look);
}

export function judgeWait(plan: MovingPlan, state: ShiftState, look: Look): Judged {
  const { candidate } = look;
  const command = chooseInstance(plan, state, look);
  if (command !== null) return command;
  return candidate.verdict === "healthy"
    ? { to: "open-probe" }
    : { wait: candidate.verdict === "failed" ? "" : candidate.detail };
}

export function judgeProbe(plan: MovingPlan, state: ShiftState, look: Look): Judged {
  const verdict = judgeRule(plan, state.probes, (look.at - state.entered) / 1000);
  if (verdict.verdict === "bad") {
    return { back: { outcome: "rolled-back", failure: verdict.failure } };
  }
  if (verdict.verdict === "waiting") {
    return { wait: verdict.detail };
  }
  // An alarm that is on now would end the release at its first request.
  const on = look.alarms.find(({ alarm }) => !plan.startAlarms.includes(alarm));
  if (on !== undefined) {
    return { wait: `waiting until an alarm is off: ${on.cause}` };
  }
  const muted = look.alarms.map(({ alarm }) => alarm);
  return nextShare(plan, look, 0, { muted });
}

/**
 * The next share of the traffic. The old colour may have grown since the release began. So the new one first gets as many instances as
 * the old one has now, in proportion to the share.
 */
function nextShare(
  plan: MovingPlan,
  { capacity }: Pick<Look, "capacity">,
  stage: number,
  set: Partial<ShiftState>,
): Judged {
  if (capacity === null) {
    return { wait: "the groups cannot be read now" };
  }
  const own = capacity[plan.to.colour];
  const share = plan.stages[stage]?.weight ?? 100;
  const needed = Math.ceil((capacity[plan.from.colour].desired * share) / 100);
  const wanted = Math.min(needed, own.max);
  return wanted > own.desired
    ? { to: "grow", set: { ...set, stage, wanted } }
    : { to: "shift", set: { ...set, stage, shifted: true } };
}

/** Waits for the further instances. What has traffic already is watched as before. */
export function judgeFill(plan: MovingPlan, state: ShiftState, look: Look): Judged {
  const news = watchNews(plan, state, look, false);
  if (news !== null) {
    return { back: news };
  }
  const serving = (look.members ?? []).filter(
    (member) => member.serving && member.deployment === plan.to.deployment,
  ).length;
  // The old colour may have grown again while the instances started.
  return serving >= state.wanted
    ? nextShare(plan, look, state.stage, {})
    : { wait: `${serving} of ${state.wanted} targets healthy` };
}

/** The causes that roll back a version that has traffic. `all`: whether it has all of it. */
function watchNews(plan: MovingPlan, state: ShiftState, look: Look, all: boolean): Turn | null {
  const failures = plan.warm
    ? []
    : [alarmNews(state, look), failureOf(judgeRule(plan, state.probes, 0))];
  const failure = [...failures, failureOf(judgeAddress(plan, state.probes, all))].find(Boolean);
  return failure === undefined ? null : { outcome: "rolled-back", failure };
}

function failureOf(verdict: ProbeVerdict): RolloutFailure | undefined {
  return verdict.verdict === "bad" ? verdict.failure : undefined;
}

export function judgeBake(plan: MovingPlan, state: ShiftState, look: Look): Judged {
  const stage = plan.stages[state.stage];
  const isLast = isLastStage(plan, state);
  const news = watchNews(plan, state, look, isLast);
  if (news !== null) {
    return { back: news };
  }
  const address = judgeAddress(plan, state.probes, isLast);
  const unread = plan.warm ? null : unreadText(look);
  if (unread !== null) {
    return { wait: unread };
  }
  const seconds = (look.at - state.entered) / 1000;
  if (seconds < (stage?.bakeSeconds ?? 0) || address.verdict !== "good") {
    const of = stage === undefined || stage.bakeSeconds === 0 ? "" : ` of ${stage.bakeSeconds} s`;
    return { wait: `${Math.floor(seconds)} s${of}, ${address.detail}` };
  }
  return isLast
    ? { to: "close-probe", set: { outcome: "succeeded" } }
    : nextShare(plan, look, state.stage + 1, {});
}

/** New weights take a moment to reach the load balancer. The release must not report its end before they have. */
export function judgeSeeBack(plan: MovingPlan, state: ShiftState, look: Look): Judged {
  const seconds = (look.at - state.entered) / 1000;
  const last = look.probes.findLast((probe) => probe.by === "address");
  const isOld =
    last !== undefined &&
    last.good &&
    (last.version === null || last.version === plan.from.version);
  return (isOld && seconds >= leastSpreadSeconds) || seconds > longestSeeSeconds
    ? { to: "withdraw-probe" }
    : { wait: last?.detail ?? "no answer yet" };
}

export function isLastStage(plan: MovingPlan, { stage }: Pick<ShiftState, "stage">): boolean {
  return stage >= plan.stages.length - 1;
}

/** Whether a warm rollback has begun to move traffic. */
export function isReturn(plan: MovingPlan, state: Pick<ShiftState, "shifted">): boolean {
  return plan.warm && state.shifted;
}

/** While the new version has a small share, an early answer of the old one proves nothing. */
const leastSpreadSeconds = 1.5;
const longestSeeSeconds = 20;
