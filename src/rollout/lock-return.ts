import type { Reporter } from "../report/events.ts";
import { lockKey } from "./lock-document.ts";
import { readLock, type FoundLock, type LockStore } from "./lock-store.ts";
import { holderName } from "./lock-text.ts";

interface ReturnDeps {
  readonly store: LockStore;
  readonly reporter: Pick<Reporter, "notify">;
}

/** Removes the lock that has this id. Warns instead of throwing: whoever gives a lock back is ending, and has said why. */
export async function giveBackLock(deps: ReturnDeps, id: string): Promise<void> {
  const left = await removeOwn(deps, id);
  if (left === "gone") {
    warn(deps, "the lock was removed by somebody else before this run gave it back");
  } else if (typeof left === "object") {
    const who = left.lock === undefined ? "somebody else" : holderName(left.lock);
    warn(deps, `the lock was taken over by ${who} before this run gave it back`);
  }
}

/** The same where it is not known whether the lock was ever taken. */
export async function giveBackIfTaken(deps: ReturnDeps, id: string): Promise<void> {
  await removeOwn(deps, id);
}

async function removeOwn(
  deps: ReturnDeps,
  id: string,
): Promise<"removed" | "failed" | "gone" | FoundLock> {
  try {
    const found = await readLock(deps.store);
    if (found?.lock?.id !== id) {
      return found ?? "gone";
    }
    await deps.store.remove(lockKey, found.etag);
    return "removed";
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    warn(deps, `the lock could not be given back (${cause}): infer-deploy lock status`);
    return "failed";
  }
}

function warn({ reporter }: ReturnDeps, text: string): void {
  reporter.notify({ type: "warning", text });
}
