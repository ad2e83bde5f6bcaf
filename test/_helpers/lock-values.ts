import type { ProcessIdentity, Processes } from "../../src/process/processes.ts";
import type { LockDocument } from "../../src/state/lock-document.ts";

/** Ada's release of v2, process 4711 on her laptop; tests change what they are about. */
export function lock(changes: Partial<LockDocument> = {}): LockDocument {
  return {
    schema_version: 1,
    id: "lock-1",
    user: "ada",
    host: "laptop",
    boot_id: "boot-1",
    pid_namespace: "pid:[1]",
    pid: 4711,
    process_start: "100",
    ci: null,
    command: "release --version v2",
    since: "2026-01-01T00:00:00.000Z",
    ...changes,
  };
}

export function identity(changes: Partial<ProcessIdentity> = {}): ProcessIdentity {
  return {
    user: "bob",
    host: "laptop",
    bootId: "boot-1",
    pidNamespace: "pid:[1]",
    pid: 4712,
    start: "200",
    ...changes,
  };
}

/** A machine on which the processes of `starts` (number to start) run; one of them looks around. */
export function processesOn(
  starts: ReadonlyMap<number, string>,
  self: ProcessIdentity = identity(),
): Processes {
  return {
    self: async () => Promise.resolve(self),
    look: async (pid) => {
      const start = starts.get(pid);
      return Promise.resolve(start === undefined ? { found: false } : { found: true, start });
    },
  };
}
