import type { ProcessIdentity, ProcessSight } from "../process/processes.ts";
import type { LockDocument } from "../state/lock-document.ts";

export interface HolderVerdict {
  /** "dead" only where that was seen; "unknown" where this machine cannot see the process. Age does not matter. */
  readonly state: "alive" | "dead" | "unknown";
  /** The reason, as a sentence without a full stop. */
  readonly evidence: string;
}

/**
 * Whether the process that took the lock still runs. `sight`: the process that has its number on this machine now.
 * A number means the same process only within one boot of one machine, in one pid namespace, and with the same start time.
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
      evidence: `a process ${lock.pid} runs on this machine, but its start time is unknown, so it may be another one`,
    };
  }
  return sight.start === lock.process_start
    ? { state: "alive", evidence: `process ${lock.pid} runs on this machine` }
    : {
        state: "dead",
        evidence: `process number ${lock.pid} now belongs to another process on this machine`,
      };
}

function whyBlind(lock: LockDocument, self: ProcessIdentity): string | undefined {
  if (lock.host !== self.host) {
    return "it runs on another machine, so its process cannot be seen from here";
  }
  if (lock.boot_id === null || self.bootId === null) {
    return "this system does not show whether its process still runs";
  }
  if (lock.boot_id !== self.bootId) {
    return "this machine has rebooted since, or another one has the same name";
  }
  if (lock.pid_namespace === null || lock.pid_namespace !== self.pidNamespace) {
    return "it runs in another container of this machine, so its process cannot be seen from here";
  }
  return undefined;
}
