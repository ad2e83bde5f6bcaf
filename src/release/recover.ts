import type { ProbeSettings } from "../config/schema/probe.ts";
import { readJournal, type JournalDocument } from "../state/journal.ts";
import { readRelease, readReleases, writeRelease } from "../state/release-history.ts";
import type { AddressQuestion } from "./observe/address.ts";
import { resume, type ExecuteDeps } from "./run/execute.ts";
import type { Ending } from "./strategy/machine.ts";
import { strategies } from "./strategy/strategies.ts";

/** An interrupted rollout, and how its repair ended. */
export interface Recovered {
  readonly journal: JournalDocument;
  readonly ending: Ending;
}

/** The requests that the repair sends to the stack, where it needs them. */
export interface RecoverQuestions {
  readonly probe: ProbeSettings;
  readonly address: AddressQuestion;
}

/**
 * Repairs what a killed run left; undefined when it left nothing, and "unbegun" when it had changed nothing but its record. Call it with the lock held.
 * Throws CommandError (1) when the repair fails, because no release may begin on a broken stack.
 */
export async function recover(
  deps: ExecuteDeps,
  { probe, address }: RecoverQuestions,
): Promise<Recovered | "unbegun" | undefined> {
  const journal = await readJournal(deps.store);
  if (journal === undefined || journal.outcome !== null) {
    return (await closeAbandoned(deps)) === 0 ? undefined : "unbegun";
  }
  const { plan, step } = journal;
  deps.reporter.notify({
    type: "warning",
    text: `release ${plan.release} (${plan.to.version}) was interrupted at the step "${step}"; repairing it first`,
  });
  const record = await readRelease(deps.store, plan.release);
  const ending = await resume(deps, { plan, record, probe, address }, journal);
  if (ending.stuck) {
    throw strategies[plan.strategy].error(plan, ending);
  }
  await closeAbandoned(deps);
  return { journal, ending };
}

/** A run that was killed before it wrote its journal has changed nothing, but its record is still "in-progress". Resolves to the number of such. */
async function closeAbandoned({
  store,
  clock,
}: Pick<ExecuteDeps, "store" | "clock">): Promise<number> {
  const open = (await readReleases(store)).filter((record) => record.outcome === "in-progress");
  await Promise.all(
    open.map(async (record) =>
      writeRelease(store, {
        ...record,
        outcome: "cancelled",
        reason: "its process ended before the release began",
        finished: clock.now().toISOString(),
      }),
    ),
  );
  return open.length;
}
