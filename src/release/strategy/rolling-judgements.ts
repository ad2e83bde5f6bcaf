import { alarmNews, outOfTime, unreadText } from "./bad-news.ts";
import { chooseInstance, type BeforeStep } from "./before.ts";
import type { Look, Member, RolloutState } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";
import { judgeAddress } from "./probe-window.ts";
import type { Judgement, Turn } from "./step.ts";

export type RollingStep =
  | BeforeStep
  | "claim"
  | "point"
  | "lower-minimum"
  | "pause-scaling"
  | "pause-balance"
  | "choose"
  | "take-out"
  | "update"
  | "bring-back"
  | "rejoin"
  | "refill"
  | "bake"
  | "finish"
  | "set-minimum"
  | "point-back"
  | "set-minimum-back"
  | "resume-balance"
  | "resume-scaling"
  | "resume-balance-back"
  | "resume-scaling-back";

export interface RollingState extends RolloutState {
  readonly step: RollingStep;
  /** Instances of the batch that is out of traffic. */
  readonly batch: readonly string[];
  /** Whether the group was asked for the instances that it lacks, since the last batch. */
  readonly refilled: boolean;
}

type Judged = Judgement<RollingState, RollingStep>;

/** The causes that roll a rolling release back at any step before its outcome is decided. */
export function rollingBadNews(plan: MovingPlan, state: RollingState, look: Look): Turn | null {
  if (look.candidate.verdict === "failed") {
    return { outcome: "rolled-back", failure: look.candidate };
  }
  // In the first two steps no instance runs the new version, so an alarm cannot be its fault.
  const alarm = alarmNews(state, look);
  if (alarm !== undefined && state.step !== "claim" && state.step !== "point") {
    return { outcome: "rolled-back", failure: alarm };
  }
  const address = judgeAddress(plan, [...state.probes, ...look.probes], false);
  if (address.verdict === "bad") {
    return { outcome: "rolled-back", failure: address.failure };
  }
  return outOfTime(plan, state, look);
}

/** A look that saw the instances. */
interface Seen extends Look {
  readonly members: readonly Member[];
}

/** Judges only looks that saw the instances. At other looks the step waits, because a missing instance would be a guess. */
export function whenSeen(
  judge: (plan: MovingPlan, state: RollingState, look: Seen) => Judged,
): (plan: MovingPlan, state: RollingState, look: Look) => Judged {
  return (plan, state, look) => {
    const { candidate, members } = look;
    return members === null
      ? { wait: candidate.verdict === "failed" ? candidate.cause : candidate.detail }
      : judge(plan, state, { ...look, members });
  };
}

/** The next batch: instances that do not run the wanted release, as many as may be out at once. */
export function judgeChoose(plan: MovingPlan, state: RollingState, look: Seen): Judged {
  const unread = isOnward(state) ? unreadText(look) : null;
  if (unread !== null) {
    return { wait: unread };
  }
  // An instance that has started meanwhile waits as well.
  const command = chooseInstance(plan, state, look);
  if (command !== null) return command;
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
    const batch = mayLeave(live, stale, most);
    if (batch.length > 0) {
      return { to: "take-out", set: { batch: batch.map(({ id }) => id), refilled: false } };
    }
    if (live.length < plan.instances && !state.refilled) {
      return { to: "refill" };
    }
  }
  const settled = live.every((member) => member.serving && member.deployment === wanted);
  if (settled && live.length > 0) {
    return { to: state.outcome === null ? "bake" : "point-back" };
  }
  return { wait: live.map(memberText).join("; ") };
}

export function judgeUpdate(plan: MovingPlan, state: RollingState, look: Seen): Judged {
  const command = chooseInstance(plan, state, look);
  if (command !== null) return command;
  const wanted = wantedRelease(plan, state);
  const out = look.members.filter((member) => state.batch.includes(member.id));
  const isDone = out.every(
    (member) => member.lifecycle === "Standby" && member.ready && member.deployment === wanted,
  );
  return isDone || hasTakenTooLong(state, look)
    ? { to: "bring-back", set: { batch: out.map(({ id }) => id) } }
    : { wait: out.map(memberText).join("; ") };
}

export function judgeRejoin(_plan: MovingPlan, state: RollingState, look: Seen): Judged {
  const back = look.members.filter((member) => state.batch.includes(member.id));
  return back.every((member) => member.serving) || hasTakenTooLong(state, look)
    ? { to: "choose", set: { batch: [] } }
    : { wait: back.map(memberText).join("; ") };
}

export function judgeRollingBake(plan: MovingPlan, state: RollingState, look: Look): Judged {
  const unread = unreadText(look);
  if (unread !== null) {
    return { wait: unread };
  }
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

/** Instances that do not serve leave first. The last one that serves stays, because an updated instance may have died since. */
function mayLeave(
  live: readonly Member[],
  stale: readonly Member[],
  most: number,
): readonly Member[] {
  const idleFirst = stale.toSorted((one, other) => Number(one.serving) - Number(other.serving));
  const batch = idleFirst.slice(0, most);
  const serving = live.filter((member) => member.serving);
  return serving.length > 0 && serving.every((member) => batch.includes(member))
    ? batch.slice(0, -1)
    : batch;
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
