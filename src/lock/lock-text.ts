import { escapeControls } from "../config/checks/problem.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { ago } from "../report/time-text.ts";
import type { LockDocument } from "../state/lock-document.ts";
import type { HolderVerdict } from "./lock-holder.ts";

/** Such as ada@laptop. Everything in a lock was written by another machine, and is made safe for this terminal. */
export function holderName(lock: LockDocument): string {
  return escapeControls(`${lock.user}@${lock.host}`);
}

/** Who, with what, since when, as one phrase. */
export function holderText(lock: LockDocument, now: Date): string {
  return `${holderName(lock)}, \`${commandText(lock)}\`, started ${ago(new Date(lock.since), now)}`;
}

export function commandText(lock: LockDocument): string {
  return escapeControls(`infer-deploy ${lock.command}`);
}

/** Where to find the holder: its CI run, or its process. */
export function holderPlace(lock: LockDocument): string {
  return escapeControls(lock.ci ?? `process ${lock.pid} on ${lock.host}`);
}

/** Exit code 5. `waitedSeconds` is 0 when nobody asked to wait. */
export function lockedError(
  lock: LockDocument,
  verdict: HolderVerdict,
  now: Date,
  waitedSeconds: number,
): CommandError {
  const who = holderText(lock, now);
  const still = waitedSeconds > 0 ? `still locked after ${waitedSeconds} s` : "locked";
  return new CommandError(
    verdict.state === "dead"
      ? `The stack is locked by a run that is dead: ${who}.`
      : `The stack is ${still} by ${who}.`,
    {
      exitCode: exitCodes.locked,
      where: holderPlace(lock),
      why: verdict.evidence,
      next: nextStep(verdict.state, waitedSeconds > 0),
    },
  );
}

/** Exit code 1: nobody can say whose lock it is, so nobody may take it for free. */
export function unreadableError(problem: string): CommandError {
  return new CommandError("The stack is locked, but lock.json in the state bucket is unreadable.", {
    why: problem,
    next: "make sure that no release runs, then infer-deploy lock release",
  });
}

/** Asked before somebody else's lock is removed; the default answer is no. */
export function removalQuestion(lock: LockDocument, verdict: HolderVerdict, now: Date): string {
  const goesOn = verdict.state === "alive" ? " It would go on without the lock." : "";
  return `The lock is held by ${holderText(lock, now)}: ${verdict.evidence}.${goesOn} Remove it?`;
}

export const unreadableRemovalQuestion =
  "lock.json is unreadable, so nobody can say whose lock it is. Remove it?";

/** What the one who removed or took over a lock has to know. */
export const leftBehind =
  "what the killed release left is put right by the next infer-deploy release or infer-deploy rollback";

function nextStep(state: HolderVerdict["state"], waited: boolean): string {
  if (state === "dead") {
    return "infer-deploy lock release";
  }
  const wait = waited ? "a longer --lock-wait" : "--lock-wait";
  return state === "alive"
    ? `${wait} waits for it; infer-deploy lock status shows who has it`
    : `${wait} waits for it; when it is dead for certain, infer-deploy lock release`;
}
