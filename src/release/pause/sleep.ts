import { CommandError } from "../../errors/command-error.ts";
import { span } from "../../report/span.ts";
import { colours } from "../../stack/colour.ts";
import { readJournal } from "../../state/journal.ts";
import { readServing } from "../observe/serving.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { closeBarrier } from "./barrier.ts";
import type { PauseChange } from "./maintenance.ts";
import type { PauseDeps, Wish } from "./pause-deps.ts";
import { note, reasonOf } from "./record.ts";

/**
 * Puts a stack to sleep: users get 503 first, then all instances end. The size of the serving group is kept for `wakeUp`. A second time,
 * also after a kill, it completes what is missing. Call it with the lock held. Throws CommandError (1) when a release was interrupted, when
 * nothing serves yet, and when the address does not follow; then no instance was ended.
 */
export async function fallAsleep(
  deps: PauseDeps,
  stack: Pick<StackRecord, "name" | "environment">,
  wish: Wish,
): Promise<PauseChange> {
  await refuseInterrupted(deps, "sleep");
  const { active, fleet } = await readServing(deps, stack);
  const { min, desired } = fleet.groups[active.colour];
  const stored = await note(deps, (before) => ({
    ...before,
    sleep: {
      ...reasonOf(deps, before.sleep, wish, {
        message: "This service is switched off at this time of day. Try again later.",
        retry_after_seconds: 3600,
      }),
      goal: "asleep" as const,
      // A sleep that was interrupted may have ended instances already.
      size: before.sleep?.size ?? { min, desired },
    },
  }));
  const pause = stored?.pause;
  if (pause === undefined) throw new Error("the sleep was not recorded");
  // Before the first instance ends, so that no request is sent to one that drains.
  const seen = await closeBarrier(deps, pause);
  await span(deps.reporter, "end", "End the instances", async ({ done, progress }) => {
    await deps.fleet.setScaling(active.colour, false);
    for (const colour of colours) {
      await deps.fleet.clear(colour);
      // Also where no instance runs: an older capacity would start some.
      await deps.fleet.scale(colour, { min: 0, desired: 0 });
    }
    const ended = await awaitEnd(deps, progress);
    done(ended === 0 ? "" : `${ended} still draining`);
  });
  return { pause, seen };
}

/** Resolves to the number of instances that still drain after the wait: AWS ends them by itself. */
async function awaitEnd(
  { clock, fleet, signal }: PauseDeps,
  progress: (detail: string) => void,
): Promise<number> {
  const end = clock.now().getTime() + longestMilliseconds;
  for (;;) {
    const groups = await fleet.groups();
    const left = colours.flatMap((colour) => groups[colour]?.instances ?? []).length;
    if (left === 0 || clock.now().getTime() >= end) return left;
    progress(`${left} left`);
    await clock.sleep(pauseMilliseconds, signal);
  }
}

/** What an interrupted release left must be repaired by a release or a rollback, which know it. */
export async function refuseInterrupted(
  { store }: Pick<PauseDeps, "store">,
  verb: string,
): Promise<void> {
  const journal = await readJournal(store);
  if (journal === undefined || journal.outcome !== null) return;
  throw new CommandError(`Release ${journal.release} was interrupted at "${journal.step}".`, {
    next: `infer-deploy rollback, which undoes it; then infer-deploy ${verb}`,
  });
}

const pauseMilliseconds = 2000;
const longestMilliseconds = 300_000;
