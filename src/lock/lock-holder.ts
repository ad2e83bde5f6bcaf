import type { ProcessIdentity, ProcessSight } from "../process/processes.ts";
import type { LockDocument } from "../state/lock-document.ts";

export interface HolderVerdict {
  /** "dead" only where it was seen; "unknown" where it cannot be seen from here. Age says nothing. */
  readonly state: "alive" | "dead" | "unknown";
  /** What that rests on, as a sentence without a full stop. */
  readonly evidence: string;
}

/**
 * Whether the process that took the lock still runs. `sight` is what stands under its number on this machine.
 * A number means the same process only on one start of one machine, in one namespace of numbers, and together with the time it started.
 */
export function judgeHolder(
  lock: LockDocument,
  self: ProcessIdentity,
  sight: ProcessSight,
): HolderVerdict {
  const blind = whyBlind(lock, self);
  if (blind !== undefined) {
    return { state: "unknown", evidence: blind };
  }
  if (!sight.found) {
    return { state: "dead", evidence: `process ${lock.pid} no longer runs on this machine` };
  }
  if (sight.start === null || lock.process_start === null) {
    return {
      state: "unknown",
      evidence: `a process ${lock.pid} runs on this machine, but nothing tells whether it is the same`,
    };
  }
  return sight.start === lock.process_start
    ? { state: "alive", evidence: `process ${lock.pid} runs on this machine` }
    : { state: "dead", evidence: `process ${lock.pid} on this machine is another one by now` };
}

function whyBlind(lock: LockDocument, self: ProcessIdentity): string | undefined {
  if (lock.host !== self.host) {
    return "its machine is not this one, so nobody here can see whether it still runs";
  }
  if (lock.boot_id === null || self.bootId === null) {
    return "this system does not tell whether its process still runs";
  }
  if (lock.boot_id !== self.bootId) {
    return "this machine was started again since, or another one has the same name";
  }
  if (lock.pid_namespace === null || lock.pid_namespace !== self.pidNamespace) {
    return "it runs in another container of this machine, whose processes cannot be seen from here";
  }
  return undefined;
}
