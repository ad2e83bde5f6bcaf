import type { Clock } from "../process/clock.ts";
import type { Processes } from "../process/processes.ts";
import { lockKey } from "./new-lock.ts";
import type { LockDocument } from "../state/lock-document.ts";
import type { HolderVerdict } from "./lock-holder.ts";
import { lookForHolder, readLock, type LockStore } from "./lock-store.ts";
import { lockedError, removalQuestion, unreadableRemovalQuestion } from "./lock-text.ts";

export interface RemovalDeps {
  readonly store: LockStore;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly confirm: (question: string) => Promise<boolean>;
}

export type Removal =
  | { readonly outcome: "none" }
  /** `holder` is undefined when the lock was unreadable. */
  | { readonly outcome: "removed" | "declined"; readonly holder: Holder | undefined };

export interface Holder {
  readonly lock: LockDocument;
  readonly verdict: HolderVerdict;
}

/**
 * Removes only the lock that the question showed. It removes an unreadable lock too, because no other verb can.
 * Throws CommandError (5) when another run has taken it meanwhile.
 */
export async function removeLock(deps: RemovalDeps): Promise<Removal> {
  const { store, processes, clock } = deps;
  const found = await readLock(store);
  if (found === undefined) {
    return { outcome: "none" };
  }
  const holder =
    found.lock === undefined
      ? undefined
      : { lock: found.lock, verdict: await lookForHolder(processes, found.lock) };
  const question =
    holder === undefined
      ? unreadableRemovalQuestion
      : removalQuestion(holder.lock, holder.verdict, clock.now());
  if (!(await deps.confirm(question))) {
    return { outcome: "declined", holder };
  }
  if (!(await store.remove(lockKey, found.etag))) {
    const other = await readLock(store);
    if (other?.lock !== undefined) {
      throw lockedError(other.lock, await lookForHolder(processes, other.lock), clock.now(), 0);
    }
  }
  return { outcome: "removed", holder };
}
