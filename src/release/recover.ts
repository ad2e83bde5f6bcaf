import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { readRelease, readReleases, releaseKey } from "../state/release-history.ts";
import { readJournal, type JournalDocument } from "../state/journal.ts";
import { endingError } from "../views/release-text.ts";
import type { Ending } from "./strategy/machine.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { resume } from "./run/execute.ts";

/** A rollout that ended without finishing, and what became of it now. */
export interface Recovered {
  readonly journal: JournalDocument;
  readonly ending: Ending;
}

/**
 * Puts right what a killed run left; undefined when nothing was left. Call it with the lock held.
 * Throws CommandError (1) when it cannot be put right now: nothing may begin on top of it.
 */
export async function recover(
  deps: Deps,
  target: Target,
  stack: StackRecord,
): Promise<Recovered | undefined> {
  const journal = await readJournal(target.store);
  if (journal === undefined || journal.outcome !== null) {
    await closeAbandoned(deps, target);
    return undefined;
  }
  const { plan, step } = journal;
  deps.reporter.notify({
    type: "warning",
    text: `release ${plan.release} (${plan.to.version}) was left unfinished at the step "${step}"; it is put right first`,
  });
  const record = await readRelease(target.store, plan.release);
  const { probe } = target.config.release;
  const ending = await resume(deps, target, { stack, plan, record, probe }, step);
  if (ending.stuck) {
    throw endingError(plan, ending);
  }
  await closeAbandoned(deps, target);
  return { journal, ending };
}

/** A run that was killed before its journal began has changed nothing, but its record still says that it runs. */
async function closeAbandoned(deps: Deps, target: Target): Promise<void> {
  const open = (await readReleases(target.store)).filter(
    (record) => record.outcome === "in-progress",
  );
  await Promise.all(
    open.map(async (record) =>
      target.store.put(releaseKey(record.release), {
        ...record,
        outcome: "cancelled",
        reason: "its process ended before it began",
        finished: deps.clock.now().toISOString(),
      }),
    ),
  );
}
