import { describeLine } from "../../errors/describe.ts";
import { readPause, type PauseDocument } from "../../state/pause.ts";
import { readServingColour } from "../observe/serving-colour.ts";
import type { Fleet } from "../parts.ts";
import { closeBarrier, settleBarrier, type Seen } from "./barrier.ts";
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
  await setServingScaling(deps, false);
  return { pause, seen: await closeBarrier(deps, pause) };
}

/** Ends maintenance. While the stack sleeps, users then get the message of the sleep. Call it with the lock held. */
export async function endMaintenance(deps: PauseDeps): Promise<PauseChange> {
  const stored = await note(deps, (before) => before);
  const after = stored && { ...stored.pause, maintenance: null };
  const seen = await settleBarrier(deps, after);
  if (stored !== undefined && after?.sleep === null) await setServingScaling(deps, true);
  const rest = await note(deps, (before) => ({ ...before, maintenance: null }));
  return { pause: rest?.pause, seen };
}

/**
 * For the end of a release, which lets policies and schedules act: during a pause they rest again, because a policy would take the missing
 * requests for a quiet hour and end instances. A failure is a warning: the release is done. Call it with the lock held.
 */
export async function restAgain(
  deps: Pick<PauseDeps, "door" | "reporter" | "store"> & {
    readonly fleet: Pick<Fleet, "setScaling">;
  },
): Promise<void> {
  try {
    if ((await readPause(deps.store)) !== undefined) await setServingScaling(deps, false);
  } catch (error) {
    const text = `scaling policies may act during the pause: ${describeLine(error)}`;
    deps.reporter.notify({ type: "warning", text });
  }
}

async function setServingScaling(
  { door, fleet }: Pick<PauseDeps, "door"> & { readonly fleet: Pick<Fleet, "setScaling"> },
  isOn: boolean,
): Promise<void> {
  const colour = await readServingColour(door);
  if (colour !== undefined) await fleet.setScaling(colour, isOn);
}
