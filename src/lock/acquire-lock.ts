import { CommandError, exitCodes } from "../errors/command-error.ts";
import { ciRun } from "../process/ci-run.ts";
import type { Clock } from "../process/clock.ts";
import type { Processes } from "../process/processes.ts";
import type { Reporter } from "../report/reporter.ts";
import { beginStep, type OpenStep } from "../report/span.ts";
import { lockDocument, lockKey } from "./new-lock.ts";
import type { LockDocument } from "../state/lock-document.ts";
import { giveBackIfTaken, giveBackLock } from "./lock-return.ts";
import { lookForHolder, readLock, type LockStore } from "./lock-store.ts";
import { holderText, leftBehind, lockedError, unreadableError } from "./lock-text.ts";

export interface LockDeps {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly newId: () => string;
  /** Aborted by the first Ctrl-C. That ends the waiting, but never a write in flight. */
  readonly signal: AbortSignal;
}

export interface LockRequest {
  /** The verb with its options, shown to runs that find the lock held. */
  readonly command: string;
  /** 0 does not wait. */
  readonly waitSeconds: number;
  /** Asked when the holder's process was seen to be dead; `holder` says who it was. */
  readonly takeOverDead: (holder: string) => Promise<boolean>;
}

export interface HeldLock {
  readonly id: string;
  /** Never rejects: a lock that cannot be released is a warning. */
  readonly release: () => Promise<void>;
  /** True while lock.json still has our id. Throws the SDK's own errors. */
  readonly stillOurs: () => Promise<boolean>;
}

/**
 * Takes the stack's lock. Age never breaks a lock. One whose holder was seen to be dead is replaced when `takeOverDead` says so.
 * Throws CommandError: 5 when another run has it, 1 when it cannot be read, the signal's own when interrupted. This run then leaves no lock.
 */
export async function acquireLock(deps: LockDeps, request: LockRequest): Promise<HeldLock> {
  const self = await deps.processes.self();
  const facts = { id: deps.newId(), ci: ciRun(deps.env), command: request.command };
  const attempt: Attempt = {
    id: facts.id,
    document: () => lockDocument(self, { ...facts, since: deps.clock.now() }),
    waiting: undefined,
  };
  try {
    await take(deps, request, attempt);
    deps.signal.throwIfAborted();
  } catch (error) {
    attempt.waiting?.finish("failed");
    // A refused run has seen another run's lock, so it has none to release. This saves a request where many are refused at once.
    if (!(error instanceof CommandError && error.exitCode === exitCodes.locked)) {
      await giveBackIfTaken(deps, attempt.id);
    }
    throw error;
  }
  attempt.waiting?.finish("done");
  let released: Promise<void> | undefined;
  return {
    id: attempt.id,
    release: async () => (released ??= giveBackLock(deps, attempt.id)),
    stillOurs: async () => (await readLock(deps.store))?.lock?.id === attempt.id,
  };
}

/**
 * For a verb that takes the lock without waiting: refuses it before any other work. A dead holder's lock and an unreadable one are
 * left to acquireLock. Throws CommandError (5) when another run has the lock.
 */
export async function refuseWhileHeld(
  deps: Pick<LockDeps, "store" | "clock" | "processes">,
): Promise<void> {
  const found = await readLock(deps.store);
  if (found?.lock === undefined) return;
  const verdict = await lookForHolder(deps.processes, found.lock);
  if (verdict.state !== "dead") throw lockedError(found.lock, verdict, deps.clock.now(), 0);
}

interface Attempt {
  readonly id: string;
  readonly document: () => LockDocument;
  /** Open while another run has the lock. */
  waiting: OpenStep | undefined;
}

async function take(deps: LockDeps, request: LockRequest, attempt: Attempt): Promise<void> {
  const { store, clock, signal } = deps;
  const deadline = clock.now().getTime() + request.waitSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    if (await store.put(lockKey, attempt.document(), "absent")) {
      return;
    }
    const found = await readLock(store);
    // When an answer was lost, the SDK repeats the request, and S3 refuses it because of our own first write.
    if (found?.lock?.id === attempt.id) {
      return;
    }
    if (found === undefined) {
      await clock.sleep(changedHandsMilliseconds, signal);
      continue;
    }
    if (found.lock === undefined) {
      throw unreadableError(found.problem);
    }
    const { lock, etag } = found;
    const verdict = await lookForHolder(deps.processes, lock);
    const left = deadline - clock.now().getTime();
    const holder = holderText(lock, clock.now());
    if (verdict.state === "dead") {
      // Between the two looks the holder may have released the lock and ended as it should.
      if ((await readLock(store))?.etag !== etag) {
        continue;
      }
      if (!(await request.takeOverDead(`${holder}: ${verdict.evidence}`))) {
        throw lockedError(lock, verdict, clock.now(), 0);
      }
      if (await store.put(lockKey, attempt.document(), { etag })) {
        const text = `took over the lock of ${holder}; ${leftBehind}`;
        deps.reporter.notify({ type: "warning", text });
        return;
      }
    } else if (left > 0) {
      attempt.waiting ??= beginStep(deps.reporter, "lock", "Wait for the lock");
      attempt.waiting.progress(holder);
      await clock.sleep(Math.min(pollMilliseconds, left), signal);
    } else {
      throw lockedError(lock, verdict, clock.now(), request.waitSeconds);
    }
  }
}

const pollMilliseconds = 1000;
const changedHandsMilliseconds = 100;
