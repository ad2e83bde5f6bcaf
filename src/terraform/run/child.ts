import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { constants } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { CommandError } from "../../errors/command-error.ts";
import { followFile } from "../../process/programs/file-tail.ts";
import type { StopSignal } from "../../errors/interrupted-error.ts";
import type { Interrupts } from "../../process/interrupts.ts";
import { createLineSplitter } from "../../process/programs/lines.ts";
import type { Environment } from "./environment.ts";

export interface ChildStart {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Environment;
  readonly interrupts: Interrupts;
  readonly onStart?: (pid: number) => void;
  /** Called when a signal asks us to stop, before terraform is asked. */
  readonly onStop?: (signal: StopSignal) => void;
  /** Stops terraform when it is aborted, as a signal would. */
  readonly stop?: AbortSignal;
  /** Resolves at a moment when terraform can be interrupted. Without it, that is at once. */
  readonly safePoint?: () => Promise<void>;
}

export interface ChildEnd {
  /** 128 + n when signal n ended it. */
  readonly exitCode: number;
  /** The signal that asked us to stop, and that we passed on. */
  readonly stoppedBy: StopSignal | undefined;
}

/** Runs a command and returns its output when it has ended. */
export async function collect(
  start: ChildStart,
): Promise<ChildEnd & { readonly stdout: string; readonly stderr: string }> {
  const child = execa(start.file, [...start.args], {
    ...options(start),
    stdout: "pipe",
    stderr: "pipe",
    stripFinalNewline: false,
  });
  const end = await finish(start, child);
  const { stdout, stderr } = await child;
  return { ...end, stdout, stderr };
}

/**
 * Runs a command and reads its lines while it works. It writes to a file, not to a pipe: if this process is
 * killed, terraform still finishes, saves its state and releases the lock. A broken pipe would end it in the middle.
 * Throws InterruptedError when a signal comes before the start.
 */
export async function stream(
  start: ChildStart,
  logFile: string,
  onLine: (line: string) => void,
): Promise<ChildEnd> {
  await mkdir(dirname(logFile), { recursive: true });
  await rm(logFile, { force: true });
  // Both outputs append: with separate positions each would overwrite the other.
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  await once(log, "open");
  const lines = createLineSplitter(onLine);
  const tail = await followFile(logFile, (chunk) => lines.push(chunk));
  try {
    // A signal may have come while the file was being opened.
    start.interrupts.throwIfInterrupted();
    return await finish(
      start,
      execa(start.file, [...start.args], {
        ...options(start),
        stdout: log,
        stderr: log,
        buffer: false,
      }),
    );
  } finally {
    await tail.finish();
    lines.end();
    log.destroy();
  }
}

/**
 * Its own process group, so that the terminal's Ctrl-C and hang-up do not reach terraform. execa must never kill it:
 * by default it would do so when we exit, or five seconds after our signal, and the resource in flight would be
 * orphaned.
 */
function options(start: ChildStart) {
  return {
    env: { ...start.env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    forceKillAfterDelay: false,
    stdin: "ignore",
    reject: false,
  } as const;
}

interface Child extends PromiseLike<{
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  readonly cause?: unknown;
}> {
  readonly pid?: number;
  kill(signal: "SIGINT"): boolean;
}

async function finish(start: ChildStart, child: Child): Promise<ChildEnd> {
  let stoppedBy: StopSignal | undefined;
  // Always one SIGINT, and only to terraform itself: it does not catch SIGHUP, and a wrapper in its group might pass
  // a signal on twice.
  const letGo = start.interrupts.hold();
  let asked: Promise<void> | undefined;
  const ask = (): void => {
    asked ??= (start.safePoint?.() ?? Promise.resolve()).then(() => void child.kill("SIGINT"));
  };
  const forget = start.interrupts.onSignal((signal) => {
    stoppedBy = signal;
    start.onStop?.(signal);
    ask();
  });
  start.stop?.addEventListener("abort", ask);
  try {
    if (child.pid !== undefined) start.onStart?.(child.pid);
    const { exitCode, signal, cause } = await child;
    if (exitCode !== undefined) return { exitCode, stoppedBy };
    if (signal !== undefined) return { exitCode: 128 + constants.signals[signal], stoppedBy };
    throw new CommandError(`${start.file} could not be started`, { where: start.folder, cause });
  } finally {
    start.stop?.removeEventListener("abort", ask);
    forget();
    letGo();
  }
}
