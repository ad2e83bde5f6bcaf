import { UnreadableObjectError, type ObjectStore } from "../state/object-store.ts";
import type { Processes } from "../process/processes.ts";
import { lockKey } from "./new-lock.ts";
import { parseLock, type LockDocument } from "../state/lock-document.ts";
import { judgeHolder, type HolderVerdict } from "./lock-holder.ts";

/** The content of lock.json and its version. Only that version may be replaced or removed. */
export type FoundLock =
  | { readonly etag: string; readonly lock: LockDocument }
  | { readonly etag: string; readonly lock: undefined; readonly problem: string };

export type LockStore = Pick<ObjectStore, "get" | "put" | "remove">;

/** Undefined when the lock is free. Throws the SDK's own errors. */
export async function readLock(store: Pick<LockStore, "get">): Promise<FoundLock | undefined> {
  try {
    const stored = await store.get(lockKey);
    return stored === undefined
      ? undefined
      : { lock: undefined, etag: stored.etag, ...parseLock(stored.value) };
  } catch (error) {
    if (error instanceof UnreadableObjectError) {
      return { etag: error.etag, lock: undefined, problem: "it is not JSON" };
    }
    throw error;
  }
}

export async function lookForHolder(
  processes: Processes,
  lock: LockDocument,
): Promise<HolderVerdict> {
  const [self, sight] = await Promise.all([processes.self(), processes.look(lock.pid)]);
  return judgeHolder(lock, self, sight);
}
