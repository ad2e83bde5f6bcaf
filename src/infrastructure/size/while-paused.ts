import { answerOf } from "../../release/pause/answer.ts";
import type { Barrier } from "../../release/parts.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { writePause, type StoredPause } from "../../state/pause.ts";

/** Whether `up` must leave the sizes of groups alone, because the stack sleeps. */
export function sleeps(stored: StoredPause | undefined): boolean {
  return stored !== undefined && stored.pause.sleep !== null;
}

/** Whether the sleeping stack would wake with another minimum than this one. */
export function wakesOtherwise(stored: StoredPause | undefined, min: number): boolean {
  const sleep = stored?.pause.sleep ?? null;
  return sleep !== null && sleep.size.min !== min;
}

/**
 * What `up` does about a pause after its apply: a new listener gets the answer too, and a sleeping stack will wake with this minimum.
 * Resolves to whether the minimum changed. Call it with the lock held.
 */
export async function keepPause(
  {
    barrier,
    reporter,
    store,
  }: {
    readonly barrier: Pick<Barrier, "close">;
    readonly reporter: Pick<Reporter, "notify">;
    readonly store: Pick<ObjectStore, "put" | "remove">;
  },
  stored: StoredPause | undefined,
  min: number,
): Promise<boolean> {
  const answer = stored && answerOf(stored.pause);
  if (stored === undefined || answer === undefined) return false;
  await barrier.close(answer);
  const { maintenance, sleep } = stored.pause;
  const text =
    sleep === null
      ? `users still get "${maintenance?.message}"; infer-deploy maintenance off ends that`
      : "the stack is asleep; infer-deploy wake starts it";
  reporter.notify({ type: "warning", text });
  if (sleep === null || !wakesOtherwise(stored, min)) return false;
  const desired = sleep.size.desired > sleep.size.min ? Math.max(sleep.size.desired, min) : min;
  await writePause(store, stored, {
    ...stored.pause,
    sleep: { ...sleep, size: { min, desired } },
  });
  return true;
}
