import type { Reporter } from "../report/reporter.ts";
import { lockKey } from "./new-lock.ts";
import { readLock, type FoundLock, type LockStore } from "./lock-store.ts";
import { holderName } from "./lock-text.ts";

interface ReturnDeps {
  readonly store: LockStore;
  readonly reporter: Pick<Reporter, "notify">;
}

/** Removes the lock with this id. Warns instead of throwing: the run is ending, and its own outcome matters more. */
export async function giveBackLock(deps: ReturnDeps, id: string): Promise<void> {
  const left = await removeOwn(deps.store, id).catch((error: unknown) => {
    warn(
      deps,
      `the lock could not be released (${causeOf(error)}); check with infer-deploy lock status`,
    );
  });
  if (left === "gone") {
    warn(deps, "the lock was removed before this run released it");
  } else if (typeof left === "object") {
    const who = left.lock === undefined ? "another run" : holderName(left.lock);
    warn(deps, `the lock was taken over by ${who} before this run released it`);
  }
}

/** The same after a failed write. The write may have taken the lock although its answer was lost. */
export async function giveBackIfTaken(deps: ReturnDeps, id: string): Promise<void> {
  await removeOwn(deps.store, id).catch((error: unknown) => {
    const text = `this run may have left a lock behind (${causeOf(error)}); check with infer-deploy lock status`;
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
