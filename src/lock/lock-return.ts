import type { Reporter } from "../report/reporter.ts";
import { lockKey } from "./new-lock.ts";
import { readLock, type FoundLock, type LockStore } from "./lock-store.ts";
import { holderName } from "./lock-text.ts";

interface ReturnDeps {
  readonly store: LockStore;
  readonly reporter: Pick<Reporter, "notify">;
}

/** Removes the lock that has this id. Warns instead of throwing: whoever gives a lock back is ending, and has said why. */
export async function giveBackLock(deps: ReturnDeps, id: string): Promise<void> {
  const left = await removeOwn(deps.store, id).catch((error: unknown) => {
    warn(deps, `the lock could not be given back (${causeOf(error)}): infer-deploy lock status`);
  });
  if (left === "gone") {
    warn(deps, "the lock was removed by somebody else before this run gave it back");
  } else if (typeof left === "object") {
    const who = left.lock === undefined ? "somebody else" : holderName(left.lock);
    warn(deps, `the lock was taken over by ${who} before this run gave it back`);
  }
}

/** The same after a failure, when a write whose answer was lost may have taken the lock: nobody would know of it. */
export async function giveBackIfTaken(deps: ReturnDeps, id: string): Promise<void> {
  await removeOwn(deps.store, id).catch((error: unknown) => {
    const text = `nobody can tell whether this run has left a lock (${causeOf(error)}): infer-deploy lock status`;
    warn(deps, text);
  });
}

async function removeOwn(store: LockStore, id: string): Promise<"removed" | "gone" | FoundLock> {
  const found = await readLock(store);
  if (found?.lock?.id !== id) {
    return found ?? "gone";
  }
  await store.remove(lockKey, found.etag);
  return "removed";
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function warn({ reporter }: ReturnDeps, text: string): void {
  reporter.notify({ type: "warning", text });
}
