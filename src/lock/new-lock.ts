import type { ProcessIdentity } from "../process/processes.ts";
import type { LockDocument } from "../state/lock-document.ts";

/** The key, relative to the stack's prefix in the state bucket. */
export const lockKey = "lock.json";

export function lockDocument(
  process: ProcessIdentity,
  facts: Pick<LockDocument, "id" | "ci" | "command"> & { readonly since: Date },
): LockDocument {
  return {
    schema_version: 1,
    id: facts.id,
    user: process.user,
    host: process.host,
    boot_id: process.bootId,
    pid_namespace: process.pidNamespace,
    pid: process.pid,
    process_start: process.start,
    ci: facts.ci,
    command: facts.command,
    since: facts.since.toISOString(),
  };
}
