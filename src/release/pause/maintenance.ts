import type { PauseDocument } from "../../state/pause.ts";
import { closeBarrier, openBarrier, type Seen } from "./barrier.ts";
import type { PauseDeps, Wish } from "./pause-deps.ts";
import { note, reasonOf } from "./record.ts";

/** How a pause began or ended. */
export interface PauseChange {
  /** What is still paused; undefined when the service answers. */
  readonly pause: PauseDocument | undefined;
  readonly seen: Seen | "late";
}

/**
 * Answers 503 with a message in place of the service, or changes the message. Instances and releases are as before. A second time, also after
 * a kill, it completes what is missing. Call it with the lock held.
 */
export async function beginMaintenance(deps: PauseDeps, wish: Wish): Promise<PauseChange> {
  const stored = await note(deps, (before) => ({
    ...before,
    maintenance: reasonOf(deps, before.maintenance, wish, {
      message: "This service is being maintained. Try again later.",
      retry_after_seconds: 300,
    }),
  }));
  const pause = stored?.pause;
  if (pause === undefined) throw new Error("maintenance was not recorded");
  return { pause, seen: await closeBarrier(deps, pause) };
}

/** Ends maintenance. While the stack sleeps, users then get the message of the sleep. Call it with the lock held. */
export async function endMaintenance(deps: PauseDeps): Promise<PauseChange> {
  const stored = await note(deps, (before) => before);
  const after = stored && { ...stored.pause, maintenance: null };
  // Without a record too: a rule may be left of one that was deleted by hand.
  const seen =
    after === undefined || after.sleep === null
      ? await openBarrier(deps)
      : await closeBarrier(deps, after);
  const rest = await note(deps, (before) => ({ ...before, maintenance: null }));
  return { pause: rest?.pause, seen };
}
