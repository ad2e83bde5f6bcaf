import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { createHooks } from "../hooks/run-hook.ts";
import { ciRun } from "../process/ci-run.ts";
import { systemProcesses } from "../process/processes.ts";
import type { Progress } from "./release.ts";
import type { Session } from "./session.ts";
import { tellEnd } from "./tell-end.ts";
import { jsonText } from "../report/json-text.ts";
import { releaseDocument, releaseText } from "../views/release-text.ts";
import type { ReleaseRecord } from "../state/records.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags, MoveFlags } from "../target/flags.ts";
import { takeLock } from "../lock/take-lock.ts";
import type { Target } from "../target/target.ts";

interface Outcome {
  readonly record: ReleaseRecord;
  readonly changed: boolean;
}

/**
 * Runs work that moves traffic: with the lock held, and the hooks that tell of its end after the lock is given back. Then prints the release
 * and returns the exit code.
 */
export async function withReleaseLock(
  deps: Deps,
  flags: GlobalFlags,
  at: { readonly target: Target; readonly stack: StackRecord },
  { command, lockWait, skipHooks, claim }: MoveFlags,
  work: (session: Session, progress: Progress) => Promise<Outcome>,
): Promise<number> {
  const lock = await takeLock(deps, flags, at.target, { command, waitSeconds: lockWait });
  const self = await systemProcesses.self();
  const session: Session = {
    deps,
    ...at,
    who: ciRun(deps.env) ?? `${self.user}@${self.host}`,
    command,
    hooks: createHooks(
      {
        run: deps.run,
        reporter: deps.reporter,
        clock: deps.clock,
        env: at.target.terraformEnv,
        signal: deps.interrupts.aborted,
        root: at.target.root,
      },
      { skip: skipHooks },
    ),
  };
  const progress: Progress = { record: undefined };
  let outcome: Outcome;
  try {
    outcome = await work(session, progress);
  } catch (error) {
    await giveBack();
    await tellEnd(session, progress, { error });
    throw error;
  }
  await giveBack();
  if (outcome.changed) {
    await tellEnd(session, progress, outcome);
  }
  const document = releaseDocument(at.stack, outcome.record, outcome.changed);
  deps.out(flags.json ? jsonText(document) : releaseText(document));
  return exitCodes.done;

  async function giveBack(): Promise<void> {
    await lock.release();
    claim?.giveBack();
  }
}
