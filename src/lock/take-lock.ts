import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
import { systemProcesses } from "../process/processes.ts";
import { acquireLock, refuseWhileHeld, type HeldLock, type LockRequest } from "./acquire-lock.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";

/** Ends a verb that finds the stack locked before it has read and loaded all that it would need. Throws CommandError (5). */
export async function refuseLocked(
  deps: Deps,
  target: Target,
  { lockWait }: { readonly lockWait: number },
): Promise<void> {
  if (lockWait === 0) {
    await refuseWhileHeld({ store: target.store, clock: deps.clock, processes: systemProcesses });
  }
}

/**
 * The stack's lock, for a verb that moves traffic. A dead holder's lock is taken over with --yes or by the answer of a person.
 * Throws CommandError: 5 when somebody else has it, the signal's own when interrupted.
 */
export async function takeLock(
  deps: Deps,
  flags: GlobalFlags,
  target: Target,
  request: Pick<LockRequest, "command" | "waitSeconds">,
): Promise<HeldLock> {
  return acquireLock(
    {
      store: target.store,
      clock: deps.clock,
      reporter: deps.reporter,
      processes: systemProcesses,
      env: deps.env,
      newId: randomUUID,
      signal: deps.interrupts.aborted,
    },
    {
      ...request,
      takeOverDead: async (holder) =>
        flags.yes ||
        (deps.interactive &&
          (await deps.reporter.ask(`The lock was left by ${holder}. Take it over?`, "--yes"))),
    },
  );
}
