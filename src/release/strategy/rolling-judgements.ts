import type { Look, Member, RolloutState } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";
import { outOfTime } from "./out-of-time.ts";
import { judgeAddress } from "./probe-window.ts";
import type { Judgement, Turn } from "./step.ts";

export type RollingStep =
  | "claim"
  | "point"
  | "lower-minimum"
  | "choose"
  | "take-out"
  | "update"
  | "bring-back"
  | "rejoin"
  | "bake"
  | "finish"
  | "set-minimum";

export interface RollingState extends RolloutState {
  readonly step: RollingStep;
  /** Instances of the batch that is out of traffic. */
  readonly batch: readonly string[];
}

type Judged = Judgement<RollingState, RollingStep>;

/** The causes that roll a rolling release back at any step before its outcome is decided. */
export function rollingBadNews(plan: MovingPlan, state: RollingState, look: Look): Turn | null {
  if (look.candidate.verdict === "failed") {
    return { outcome: "rolled-back", failure: look.candidate };
  }
  // In the first two steps no instance runs the new version, so an alarm cannot be its fault.
  const alarm = look.alarms.find((one) => !state.muted.includes(one.alarm));
  if (alarm !== undefined && state.step !== "claim" && state.step !== "point") {
    return { outcome: "rolled-back", failure: alarm };
  }
  const address = judgeAddress(plan, [...state.probes, ...look.probes], false);
  if (address.verdict === "bad") {
    return { outcome: "rolled-back", failure: address.failure };
  }
  return outOfTime(plan, state, look);
}

/** The next batch: instances that do not run the wanted release, as many as may be out at once. */
export function judgeChoose(plan: MovingPlan, state: RollingState, look: Look): Judged {
  const wanted = wantedRelease(plan, state);
  const live = look.members.filter((member) => !member.lifecycle.startsWith("Terminat"));
  const waiting = live.filter((member) => /^(Pending|Entering)/.test(member.lifecycle));
  const standby = live.filter((member) => member.lifecycle === "Standby");
  if (standby.length > 0) {
    return { to: "update", set: { batch: standby.map(({ id }) => id) } };
  }
  const stale = live.filter(
    (member) => member.lifecycle === "InService" && member.deployment !== wanted,
  );
  if (stale.length > 0 && waiting.length === 0) {
    const good = live.filter((member) => member.serving && member.deployment === wanted).length;
    const most = isOnward(state) ? plan.batch : mostOnTheWayBack(stale.length, good);
    return { to: "take-out", set: { batch: stale.slice(0, most).map(({ id }) => id) } };
  }
  const settled = live.every((member) => member.serving && member.deployment === wanted);
  if (settled && live.length > 0) {
    return { to: state.outcome === null ? "bake" : "finish" };
  }
  return { wait: live.map(memberText).join("; ") };
}

export function judgeUpdate(plan: MovingPlan, state: RollingState, look: Look): Judged {
  const wanted = wantedRelease(plan, state);
  const out = look.members.filter((member) => state.batch.includes(member.id));
  const isDone = out.every(
    (member) => member.lifecycle === "Standby" && member.ready && member.deployment === wanted,
  );
  return isDone || hasTakenTooLong(state, look)
    ? { to: "bring-back", set: { batch: out.map(({ id }) => id) } }
    : { wait: out.map(memberText).join("; ") };
}

export function judgeRejoin(_plan: MovingPlan, state: RollingState, look: Look): Judged {
  const back = look.members.filter((member) => state.batch.includes(member.id));
  return back.every((member) => member.serving) || hasTakenTooLong(state, look)
    ? { to: "choose", set: { batch: [] } }
    : { wait: back.map(memberText).join("; ") };
}

export function judgeRollingBake(plan: MovingPlan, state: RollingState, look: Look): Judged {
  const address = judgeAddress(plan, state.probes, true);
  const seconds = secondsIn(state, look);
  return seconds >= plan.bakeSeconds && address.verdict === "good"
    ? { to: "finish", set: { outcome: "succeeded" } }
    : { wait: `${Math.floor(seconds)} s of ${plan.bakeSeconds} s, ${address.detail}` };
}

/** The release that the instances must run: the new one, or during a rollback the old one. */
export function wantedRelease(
  { from, to }: MovingPlan,
  state: Pick<RollingState, "outcome">,
): number {
  return isOnward(state) ? to.deployment : from.deployment;
}

function isOnward({ outcome }: Pick<RollingState, "outcome">): boolean {
  return outcome === null || outcome === "succeeded";
}

/** All bad instances leave the traffic as soon as a good one serves. Until then one of them stays. */
function mostOnTheWayBack(stale: number, good: number): number {
  return good > 0 ? stale : Math.max(1, stale - 1);
}

/** During a rollback, an instance that does not recover is left to the group, which replaces unhealthy instances. */
function hasTakenTooLong(state: RollingState, look: Look): boolean {
  return state.outcome !== null && secondsIn(state, look) > longestRecoverySeconds;
}

function memberText(member: Member): string {
  const state = member.ready ? "ready" : "not ready";
  return `${member.id.slice(0, 10)} ${member.lifecycle}, release ${member.deployment ?? "-"} ${state}`;
}

function secondsIn(state: Pick<RollingState, "entered">, look: Look): number {
  return (look.at - state.entered) / 1000;
}

const longestRecoverySeconds = 300;
