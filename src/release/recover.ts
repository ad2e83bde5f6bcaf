import type { ProbeSettings } from "../config/schema/probe.ts";
import { readJournal, type JournalDocument } from "../state/journal.ts";
import { readRelease, readReleases, writeRelease } from "../state/release-history.ts";
import type { AddressQuestion } from "./observe/address.ts";
import { resume, type ExecuteDeps } from "./run/execute.ts";
import type { Ending } from "./strategy/machine.ts";
import { strategies } from "./strategy/strategies.ts";

/** A rollout that ended without finishing, and what became of it now. */
export interface Recovered {
  readonly journal: JournalDocument;
  readonly ending: Ending;
}

/** How the repair asks the stack, where it has to. */
export interface RecoverQuestions {
  readonly probe: ProbeSettings;
  readonly address: AddressQuestion;
}

/**
 * Repairs what a killed run left; undefined when nothing was left. Call it with the lock held.
 * Throws CommandError (1) when it cannot be repaired now: nothing may begin on top of it.
 */
export async function recover(
  deps: ExecuteDeps,
  { probe, address }: RecoverQuestions,
): Promise<Recovered | undefined> {
  const journal = await readJournal(deps.store);
  if (journal === undefined || journal.outcome !== null) {
    await closeAbandoned(deps);
    return undefined;
  }
  const { plan, step } = journal;
  deps.reporter.notify({
    type: "warning",
    text: `release ${plan.release} (${plan.to.version}) was interrupted at the step "${step}"; it is repaired first`,
  });
  const record = await readRelease(deps.store, plan.release);
  const ending = await resume(deps, { plan, record, probe, address }, step);
  if (ending.stuck) {
    throw strategies[plan.strategy].error(plan, ending);
  }
  await closeAbandoned(deps);
  return { journal, ending };
}

/** A run that was killed before its journal began has changed nothing, but its record still says that it runs. */
async function closeAbandoned({
  store,
  clock,
}: Pick<ExecuteDeps, "store" | "clock">): Promise<void> {
  const open = (await readReleases(store)).filter((record) => record.outcome === "in-progress");
  await Promise.all(
    open.map(async (record) =>
      writeRelease(store, {
        ...record,
        outcome: "cancelled",
        reason: "its process ended before it began",
        finished: clock.now().toISOString(),
      }),
    ),
  );
}
