import type { Clock } from "../process/clock.ts";
import { ago } from "../report/time-text.ts";
import type { ObjectStore } from "../state/object-store.ts";
import { operationName, type LockInfo } from "../terraform/state/lock-info.ts";
import { isRecord, textOf } from "../terraform/events/json.ts";

/** The lock of Terraform's state as it lies next to the state, and its version. */
export interface FoundStateLock {
  readonly etag: string;
  readonly lock: LockInfo;
}

/** Undefined when Terraform holds none. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
export async function readStateLock(
  store: Pick<ObjectStore, "get">,
): Promise<FoundStateLock | undefined> {
  const stored = await store.get(stateLockKey);
  if (stored === undefined) return undefined;
  const value = isRecord(stored.value) ? stored.value : {};
  const lock = {
    id: textOf(value["ID"]),
    operation: textOf(value["Operation"]),
    who: textOf(value["Who"]),
    created: textOf(value["Created"]),
  };
  return { etag: stored.etag, lock };
}

/** Such as `Terraform's lock of root@vm: apply, 3 min ago`. */
export function stateLockText({ lock }: FoundStateLock, now: Date): string {
  const since = new Date(lock.created);
  const when = Number.isNaN(since.getTime()) ? "" : `, ${ago(since, now)}`;
  return `Terraform's lock of ${lock.who || "another run"}: ${operationName(lock.operation)}${when}`;
}

/** Removes the lock that the question showed, and no later one. False when the answer is no. */
export async function removeStateLock(
  deps: {
    readonly store: Pick<ObjectStore, "remove">;
    readonly clock: Pick<Clock, "now">;
    readonly confirm: (question: string) => Promise<boolean>;
  },
  found: FoundStateLock,
): Promise<boolean> {
  const text = stateLockText(found, deps.clock.now());
  if (!(await deps.confirm(`${text}. Remove it? Only if that Terraform has ended.`))) return false;
  await deps.store.remove(stateLockKey, found.etag);
  return true;
}

const stateLockKey = "terraform.tfstate.tflock";
