import { randomBytes } from "node:crypto";
import { addressQuestion, type Target } from "../../target/target.ts";
import type { Deps } from "../../deps.ts";
import { CommandError } from "../../errors/command-error.ts";
import { releaseKey } from "../../state/release-history.ts";
import { openJournal, type Journal } from "../../state/journal.ts";
import type { Ending, Machine, RolloutState } from "../strategy/machine.ts";
import { rollingMachine } from "../strategy/rolling.ts";
import { shiftMachine } from "../strategy/shift.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { sendProbe } from "./probe.ts";
import { createProber } from "./prober.ts";
import type { ReleaseRecord } from "../../state/records.ts";
import { runRollout } from "./run-rollout.ts";
import type { StackRecord } from "../../state/stack-record.ts";

export interface Rollout {
  readonly stack: StackRecord;
  readonly plan: RolloutPlan;
  readonly record: ReleaseRecord;
  readonly probe: Target["config"]["release"]["probe"];
  /** Called when all of the traffic has moved. */
  readonly onShifted?: () => void;
}

/**
 * Carries a plan out from its first step and records what came of it. Resolves to the finished record and the ending;
 * whatever goes wrong on the way is part of them. Call it with the lock held.
 */
export async function execute(
  deps: Deps,
  target: Target,
  rollout: Rollout,
): Promise<{ readonly record: ReleaseRecord; readonly ending: Ending }> {
  const { plan, record } = rollout;
  if ((await target.store.put(releaseKey(record.release), record, "absent")) === false) {
    throw new CommandError(`Release ${record.release} is there already.`, {
      why: "another run has begun it",
      next: "infer-deploy releases",
    });
  }
  const at = deps.clock.now().getTime();
  const { ending, journal } =
    plan.strategy === "rolling"
      ? await drive(deps, target, rollout, rollingMachine, (machine) => machine.start(plan, at))
      : await drive(deps, target, rollout, shiftMachine, (machine) => machine.start(plan, at));
  const finished = await conclude(deps, target, record, ending);
  await closeJournal(journal, ending);
  return { record: finished, ending };
}

/** Takes up what a killed run left at a step: to the end where only tidying is left, back in every other case. */
export async function resume(
  deps: Deps,
  target: Target,
  rollout: Rollout,
  step: string,
): Promise<Ending> {
  const { plan, record } = rollout;
  const at = deps.clock.now().getTime();
  const { ending, journal } =
    plan.strategy === "rolling"
      ? await drive(deps, target, rollout, rollingMachine, (one) => one.resume(plan, step, at))
      : await drive(deps, target, rollout, shiftMachine, (one) => one.resume(plan, step, at));
  // A run that came as far as its record knew better than this one what came of it.
  if (record.finished === null) {
    const failure = {
      cause: `its process ended at the step "${step}"`,
      where: "journal.json",
      detail: [],
    };
    await conclude(deps, target, record, { ...ending, failure: ending.failure ?? failure });
  }
  await closeJournal(journal, ending);
  return ending;
}

async function drive<State extends RolloutState>(
  deps: Deps,
  target: Target,
  { stack, plan, record, probe, onShifted }: Rollout,
  machine: Machine<State>,
  begin: (machine: Machine<State>) => State,
): Promise<{ readonly ending: Ending; readonly journal: Journal }> {
  const journal = await openJournal(target.store, plan, deps.clock.now);
  const common = { aws: target.aws, store: target.store, stack, plan, now: deps.clock.now };
  const token = randomBytes(16).toString("hex");
  const address = addressQuestion(target.config, stack.outputs.url);
  const question = { settings: probe, address };
  const ending = await runRollout(
    {
      hands: { ...common, prefix: target.prefix, token },
      eyes: {
        ...common,
        prober: createProber(
          async (by, signal) => sendProbe(deps.fetch, { ...question, token: by }, signal),
          token,
          deps.clock,
        ),
        created: record.created,
      },
      journal,
      clock: deps.clock,
      reporter: deps.reporter,
      signal: deps.interrupts.aborted,
      onShifted: onShifted ?? (() => undefined),
    },
    machine,
    begin(machine),
  );
  return { ending, journal };
}

/** After the record: a process that dies between the two leaves a journal that the next command can still go by. */
async function closeJournal(journal: Journal, ending: Ending): Promise<void> {
  // Left open, the next command tries again.
  if (!ending.stuck) {
    await journal.close(ending.outcome);
  }
}

async function conclude(
  deps: Deps,
  target: Target,
  record: ReleaseRecord,
  ending: Ending,
): Promise<ReleaseRecord> {
  const finished: ReleaseRecord = {
    ...record,
    outcome: ending.outcome,
    reason: ending.outcome === "succeeded" ? null : (ending.failure?.cause ?? null),
    finished: deps.clock.now().toISOString(),
  };
  await target.store.put(releaseKey(record.release), finished);
  return finished;
}
