import { randomUUID } from "node:crypto";
import type { Clock } from "../process/clock.ts";
import type { Interrupts } from "../process/interrupts.ts";
import { systemProcesses } from "../process/processes.ts";
import type { Reporter } from "../report/reporter.ts";
import { acquireLock, refuseWhileHeld, type HeldLock, type LockRequest } from "./acquire-lock.ts";
import type { LockStore } from "./lock-store.ts";

export interface TakeLockDeps {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Until the returned function is called, a second signal must not end the process: it would leave the lock. */
  readonly hold: Interrupts["hold"];
  /** Whether a person can answer. */
  readonly interactive: boolean;
  /** Every question is answered with yes. */
  readonly yes: boolean;
}

/** Ends a verb early when the stack is locked, before it reads and loads the rest. Throws CommandError (5). */
export async function refuseLocked(deps: Pick<TakeLockDeps, "clock" | "store">): Promise<void> {
  await refuseWhileHeld({ ...deps, processes: systemProcesses });
}

/**
 * The stack's lock, for a verb that moves traffic. A dead holder's lock is taken over with --yes, or when a person agrees.
 * Throws CommandError: 5 when another run has it, the signal's own when interrupted.
 */
export async function takeLock(
  deps: TakeLockDeps,
  request: Pick<LockRequest, "command" | "waitSeconds">,
): Promise<HeldLock> {
  const { interactive, yes, reporter } = deps;
  const letGo = deps.hold();
  try {
    const lock = await acquireLock(
      { ...deps, processes: systemProcesses, newId: randomUUID },
      {
        ...request,
        takeOverDead: async (holder) =>
          yes ||
          (interactive &&
            (await reporter.ask(`The lock was left by ${holder}. Take it over?`, "--yes"))),
      },
    );
    return { ...lock, release: async () => lock.release().finally(letGo) };
  } catch (error) {
    letGo();
    throw error;
  }
}
