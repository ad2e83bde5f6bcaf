import type { ProbeSettings } from "../../config/schema/probe.ts";
import { CommandError } from "../../errors/command-error.ts";
import { describeLine } from "../../errors/describe.ts";
import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import {
  openJournal,
  type Journal,
  type JournalDocument,
  type Turned,
} from "../../state/journal.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { createRelease, writeRelease } from "../../state/release-history.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { AddressQuestion } from "../observe/address.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import type { Credentials, Parts } from "../parts.ts";
import type { Ending, Machine, RolloutState } from "../strategy/machine.ts";
import { strategies } from "../strategy/strategies.ts";
import { act } from "./act.ts";
import { createLaunchWatch } from "./launch-watch.ts";
import { look } from "./look.ts";
import { runRollout } from "./loop.ts";
import { tellOutage } from "./outage.ts";
import { sendProbe } from "./probe.ts";
import { createProber } from "./prober.ts";
import { createRolloutShow } from "./show-rollout.ts";

/** What a rollout needs. */
export interface ExecuteDeps extends Parts {
  readonly store: ObjectStore;
  /** S3 prefix of the stack in the state bucket. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  readonly fetch: typeof fetch;
  /** An unguessable value for the probe's header. */
  readonly newToken: () => string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly credentials: Credentials;
  /** The work's result; rejects after a few seconds, and when the signal aborts. */
  readonly inTime: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;
}

export interface Rollout {
  readonly plan: RolloutPlan;
  readonly record: ReleaseRecord;
  /** Null probes the address as `up` does. */
  readonly probe: ProbeSettings | null;
  readonly address: AddressQuestion;
  /** Called when all traffic has moved. */
  readonly onShifted?: () => void;
}

/**
 * Runs a plan from its first step and records the result. Resolves to the finished record and the ending, which include every failure
 * of the rollout. Call it with the lock held.
 */
export async function execute(
  deps: ExecuteDeps,
  rollout: Rollout,
): Promise<{ readonly record: ReleaseRecord; readonly ending: Ending }> {
  const { plan, record } = rollout;
  if (!(await createRelease(deps.store, record))) {
    throw new CommandError(`Release ${record.release} exists already.`, {
      why: "another run has started it",
      next: "infer-deploy releases",
    });
  }
  const journal = await openJournal(deps.store, plan, deps.clock.now);
  const ending = await drive(deps, rollout, journal, (machine, at) => machine.start(plan, at));
  const finished = finishedRecord(deps, record, ending);
  const isWritten = await writeRelease(deps.store, finished).then(
    () => true,
    (error: unknown) => {
      // Why a release failed is worth more to the user than why that could not be recorded.
      if (ending.outcome === "succeeded") throw error;
      const text = `the record of release ${record.release} could not be written, which the next release or rollback does: ${describeLine(error)}`;
      deps.reporter.notify({ type: "warning", text });
      return false;
    },
  );
  if (isWritten) {
    await closeJournal(journal, ending);
  }
  return { record: finished, ending };
}

/** Runs a plan without a record and a journal, for a start that any later run can make again. Call it with the lock held. */
export async function executeUnrecorded(deps: ExecuteDeps, rollout: Rollout): Promise<Ending> {
  const journal = { write: async () => undefined };
  return drive(deps, rollout, journal, (machine, at) => machine.start(rollout.plan, at));
}

/** Continues a killed run's rollout from its step: to the end where only tidying remains, otherwise back. */
export async function resume(
  deps: ExecuteDeps,
  rollout: Rollout,
  { step, turned }: Pick<JournalDocument, "step" | "turned">,
): Promise<Ending> {
  const { plan, record } = rollout;
  if (lagsBehind(plan, step, record)) {
    const ending: Ending = { outcome: "succeeded", failure: null, stuck: false };
    await closeJournal(await openJournal(deps.store, plan, deps.clock.now), ending);
    return ending;
  }
  const journal = await openJournal(deps.store, plan, deps.clock.now);
  const ending = await drive(deps, rollout, journal, (machine, at) => {
    const state = machine.resume(plan, step, at);
    if (state.outcome !== "cancelled") {
      return state;
    }
    return turned === undefined
      ? { ...state, failure: endedAt(step) }
      : { ...state, outcome: turned.outcome, failure: told(turned) };
  });
  // A run that wrote its final record knew the outcome better than this one.
  if (record.finished === null) {
    await writeRelease(deps.store, finishedRecord(deps, record, ending));
  }
  await closeJournal(journal, ending);
  return ending;
}

/** Why a release is cancelled that no user stopped. */
function endedAt(step: string): RolloutFailure {
  return { cause: `its process ended at the step "${step}"`, where: "journal.json", detail: [] };
}

/** Why a killed run had turned back already. */
function told({ cause }: Turned): RolloutFailure {
  return { cause, where: "journal.json", detail: [] };
}

/** The record is written after the last step. Where it says that all went well, a journal that missed the last notes must not turn it back. */
function lagsBehind(plan: RolloutPlan, step: string, record: ReleaseRecord): boolean {
  const state = strategies[plan.strategy].machine.resume(plan, step, 0);
  return record.outcome === "succeeded" && state.outcome !== "succeeded";
}

async function drive(
  deps: ExecuteDeps,
  { plan, record, probe, address, onShifted }: Rollout,
  journal: Pick<Journal, "write">,
  begin: (machine: Machine, at: number) => RolloutState,
): Promise<Ending> {
  const { clock, fetch: fetcher } = deps;
  const token = deps.newToken();
  const prober = createProber(
    async (by, signal) => sendProbe(fetcher, { settings: probe, address, token: by }, signal),
    token,
    clock,
  );
  const strategy = strategies[plan.strategy];
  const actDeps = { ...deps, record, token };
  const launches = createLaunchWatch(deps.fleet, plan.to.colour, clock.now);
  await launches.begin();
  const { onFleet, show, end } = createRolloutShow(deps.reporter, plan, clock.now);
  const lookDeps = { ...deps, plan, prober, launches, now: clock.now, onFleet };
  const ending = await runRollout(
    {
      act: tellOutage(deps, async (action) => act(actDeps, action)),
      look: async (wanted, step, signal) => look(lookDeps, wanted, step, signal),
      journal,
      clock,
      reporter: deps.reporter,
      signal: deps.signal,
      credentials: deps.credentials,
      onShifted: onShifted ?? (() => undefined),
      show,
    },
    strategy,
    plan,
    begin(strategy.machine, clock.now().getTime()),
  ).finally(end);
  await forgetAnswers(deps);
  return ending;
}

/** However it ended: a version that was rolled back has answered some requests too. */
async function forgetAnswers({
  cache,
  newToken,
  reporter,
}: Pick<ExecuteDeps, "cache" | "newToken" | "reporter">): Promise<void> {
  try {
    await cache.empty(newToken());
  } catch (error) {
    const text = `CloudFront's cache could not be emptied, so answers of another version may stay there for their ttl: ${describeLine(error)}`;
    reporter.notify({ type: "warning", text });
  }
}

/** Call it after the record is written. If the process dies between the two, the next command can still repair from the journal. */
async function closeJournal(journal: Journal, ending: Ending): Promise<void> {
  // An open journal makes the next command try again.
  if (!ending.stuck) {
    await journal.close(ending.outcome);
  }
}

/** What happened to the command of `release.before`. */
function withResult(
  { before }: ReleaseRecord,
  { before: ran }: Ending,
): Pick<ReleaseRecord, "before"> {
  return before === undefined || ran === undefined || ran.report === null || ran.instance === null
    ? {}
    : { before: { ...before, result: { ...ran.report, instance: ran.instance } } };
}

function finishedRecord(
  { clock }: Pick<ExecuteDeps, "clock">,
  record: ReleaseRecord,
  ending: Ending,
): ReleaseRecord {
  return {
    ...record,
    outcome: ending.outcome,
    reason: ending.outcome === "succeeded" ? null : (ending.failure?.cause ?? null),
    finished: clock.now().toISOString(),
    ...withResult(record, ending),
  };
}
