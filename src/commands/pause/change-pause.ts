import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import { exitCodes } from "../../errors/command-error.ts";
import { text } from "../../options/kinds.ts";
import { jsonText } from "../../report/json-text.ts";
import type { PauseChange } from "../../release/pause/maintenance.ts";
import type { PauseDeps } from "../../release/pause/pause-deps.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { GlobalFlags } from "../../target/flags.ts";
import type { PauseVerb } from "../../views/pause.ts";

/** What users get during a pause. Both are checked by `wishOf`. */
export const wishOptions = {
  message: text("--message <text>", "what users get, as text or a small HTML page"),
  retryAfter: text("--retry-after <seconds>", "when users may ask again, such as 600 or 10m"),
};

/** Changes a pause with the lock held, and prints what is paused then. Exit code 1 when the service does not answer as it should. */
export async function changePause(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  { verb, lockWait }: { readonly verb: PauseVerb; readonly lockWait: number },
  work: (pausing: PauseDeps, stack: StackRecord) => Promise<PauseChange>,
): Promise<number> {
  const { takeLock } = await import("../../lock/take-lock.ts");
  const { lockDeps } = await import("../../target/lock-deps.ts");
  const { openPause } = await import("../../target/open-pause.ts");
  const { openTarget } = await import("../../target/open-target.ts");
  const { requireStack } = await import("../../target/require-stack.ts");
  const { refuseMoving } = await import("../../state/stack-record.ts");
  const { pauseDocument, pauseText } = await import("../../views/pause.ts");
  const { completeCommands } = await import("../../errors/printed-commands.ts");
  const errors = await import("../../errors/interrupted-error.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  refuseMoving(stack);
  const pausing = await openPause(deps, target, stack);
  const locking = lockDeps(deps, target, flags);
  const lock = await takeLock(locking, { command: verb, waitSeconds: lockWait });
  let change: PauseChange;
  try {
    change = await work(pausing, stack);
  } catch (error) {
    if (!(error instanceof errors.InterruptedError)) throw error;
    throw new errors.InterruptedError(error.signal, ...resumable(verb));
  } finally {
    await lock.release();
  }
  const document = pauseDocument(stack, verb, change);
  deps.out(flags.json ? jsonText(document) : completeCommands(pauseText(document), deps.args));
  return change.seen === "late" ? exitCodes.failed : exitCodes.done;
}

/** Each step can be made again, so the same command continues where this one was stopped. */
function resumable(verb: PauseVerb) {
  return [
    `infer-deploy ${verb} was stopped on its way.`,
    {
      why: "what it has done so far is recorded, and the lock is released",
      next: `infer-deploy ${verb} completes it, infer-deploy ${undo[verb]} undoes it`,
    },
  ] as const;
}

const undo: Readonly<Record<PauseVerb, PauseVerb>> = {
  "maintenance on": "maintenance off",
  "maintenance off": "maintenance on",
  sleep: "wake",
  wake: "sleep",
};
