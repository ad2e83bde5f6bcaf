import { CommandError, exitCodes } from "../errors/command-error.ts";
import { escapeControls } from "../errors/safe-text.ts";
import { ago } from "../report/time-text.ts";
import type { LockDocument } from "../state/lock-document.ts";
import type { HolderVerdict } from "./lock-holder.ts";

/** Such as ada@laptop. Another machine wrote the lock's text, so control characters are escaped. */
export function holderName(lock: LockDocument): string {
  return escapeControls(`${lock.user}@${lock.host}`);
}

/** The holder, its command and its start, as one phrase. */
export function holderText(lock: LockDocument, now: Date): string {
  return `${holderName(lock)}, \`${commandText(lock)}\`, started ${ago(new Date(lock.since), now)}`;
}

export function commandText(lock: LockDocument): string {
  return escapeControls(`infer-deploy ${lock.command}`);
}

/** Where the holder runs: its CI run, or its process. */
export function holderPlace(lock: LockDocument): string {
  return escapeControls(lock.ci ?? `process ${lock.pid} on ${lock.host}`);
}

/** Exit code 5. `waitedSeconds` is 0 when the run did not wait. */
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

/** Exit code 1. The holder of an unreadable lock is unknown, so no run may treat the lock as free. */
export function unreadableError(problem: string): CommandError {
  return new CommandError("The stack is locked, but lock.json in the state bucket is unreadable.", {
    why: problem,
    next: "make sure that no release is in progress, then run infer-deploy lock release",
  });
}

/** Asked before another run's lock is removed; the default answer is no. */
export function removalQuestion(lock: LockDocument, verdict: HolderVerdict, now: Date): string {
  const warning = verdict.state === "alive" ? " That run would continue without the lock." : "";
  return `The lock is held by ${holderText(lock, now)}: ${verdict.evidence}.${warning} Remove it?`;
}

export const unreadableRemovalQuestion =
  "lock.json is unreadable, so its holder is unknown. Remove it?";

/** Shown after a lock was removed or taken over. */
export const leftBehind =
  "the next infer-deploy release or infer-deploy rollback repairs what the killed release left";

function nextStep(state: HolderVerdict["state"], waited: boolean): string {
  if (state === "dead") {
    return "infer-deploy lock release";
  }
  const wait = waited ? "a longer --lock-wait" : "--lock-wait";
  return state === "alive"
    ? `${wait} waits for it; infer-deploy lock status shows the holder`
    : `${wait} waits for it; if you are sure that it is dead, infer-deploy lock release removes its lock`;
}
