import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Interrupts } from "../../process/interrupts.ts";
import { findLostResources, readApplyLog } from "../state/apply-log.ts";
import { inFolder, statePullArgs } from "./terraform-argv.ts";
import type { TerraformBinary } from "./binary.ts";
import { collect, stream } from "./child.ts";
import type { ChildStart } from "./child.ts";
import type { Environment } from "./environment.ts";
import { readState } from "../state/errored-state.ts";
import { parseEvent } from "../events/terraform-events.ts";
import type { Diagnostic, InFlight, TerraformEvent } from "../events/terraform-events.ts";
import {
  failureOf,
  keysEndedError,
  leavesLock,
  StateLockedError,
  stoppedError,
} from "../events/terraform-failure.ts";
import type { Failure } from "../events/terraform-failure.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Patience } from "./heartbeat.ts";
import { trackInFlight } from "../events/in-flight.ts";
import { parseLockInfo } from "../state/lock-info.ts";
import { privatePath, readApplyLogFile } from "./private-files.ts";
import { describeHolder, forgetDeadRuns, removeRunRecord, writeRunRecord } from "./run-record.ts";
import { isSafePoint, type Moment } from "./safe-point.ts";
import { parseTextDiagnostics } from "../events/text-diagnostics.ts";

export interface SessionOptions {
  readonly binary: TerraformBinary;
  readonly folder: string;
  readonly env: Environment;
  readonly interrupts: Interrupts;
  readonly onEvent: (event: TerraformEvent) => void;
  readonly pace: Patience;
  readonly keysEnd?: KeysEnd;
}

/**
 * Resolves to the command that gives new keys when those that terraform has have ended; to undefined when the work is over. The AWS provider
 * repeats a call that they cannot sign for up to half an hour.
 */
export type KeysEnd = (over: AbortSignal) => Promise<string | undefined>;

export interface Streamed {
  readonly events: readonly TerraformEvent[];
  readonly exitCode: number;
}

/**
 * Runs a command that prints JSON lines, and passes them to the listener as they come. Throws the same errors as the
 * Terraform class.
 */
export async function runStreamed(
  options: SessionOptions,
  args: readonly string[],
  good: readonly number[] = [0],
): Promise<Streamed> {
  const { binary, folder, onEvent } = options;
  const command = args[0] ?? "";
  const events: TerraformEvent[] = [];
  let inFlight: readonly InFlight[] = [];
  let changed = Date.now();
  let stopping = false;
  let own = 0;
  let isLocked = false;
  let recorded = Promise.resolve();
  const heartbeat = createHeartbeat(options.pace, (silentSeconds) =>
    onEvent({ type: "heartbeat", silentSeconds, stopping, inFlight }),
  );
  const hear = (line: string): void => {
    const event = parseEvent(line);
    if (event === undefined) return;
    heartbeat.touch();
    events.push(event);
    const after = trackInFlight(inFlight, event);
    if (after !== inFlight) changed = Date.now();
    inFlight = after;
    // An apply prints its plan again.
    if (command !== "apply" || (event.type !== "planned_change" && event.type !== "resource_drift"))
      onEvent(event);
  };
  const stop = new AbortController();
  const over = new AbortController();
  const renewal = options.keysEnd?.(over.signal).then((found) => {
    if (found !== undefined) stop.abort();
    return found;
  });
  const start: ChildStart = {
    ...childStart(options, args),
    stop: stop.signal,
    onStart: (pid) => {
      own = pid;
      recorded = writeRunRecord(folder, { pid, command, program: basename(binary.file) });
    },
    safePoint: async () =>
      untilSafe(() => ({ inFlight, changed, now: Date.now() }), options.pace.settled),
    onStop: (signal) => {
      stopping = true;
      heartbeat.stopping();
      onEvent({ type: "stopping", signal, inFlight });
    },
  };
  options.interrupts.throwIfInterrupted();
  try {
    const { exitCode, stoppedBy } = await stream(
      start,
      privatePath(folder, `${command}.log`),
      hear,
    );
    const failure = {
      command: `${binary.product} ${command}`,
      diagnostics: events.flatMap((event) =>
        event.type === "diagnostic" ? [event.diagnostic] : [],
      ),
      log: logOf(options),
      said: events.flatMap((event) =>
        event.type === "log" && event.level === "text" ? [event.text] : [],
      ),
      exitCode,
    };
    isLocked = (exitCode > 128 && stoppedBy === undefined) || leavesLock(failure);
    if (stoppedBy !== undefined) throw stoppedError(failure, stoppedBy);
    over.abort();
    const next = await renewal;
    if (next !== undefined) throw keysEndedError(failure, next);
    if (!good.includes(exitCode)) throw await errorOf(options, failure, own);
    await forgetDeadRuns(folder);
    return { events, exitCode };
  } finally {
    over.abort();
    heartbeat.end();
    await recorded;
    // The next run needs the record to explain the lock that this one has left.
    if (!isLocked) await removeRunRecord(folder, own);
  }
}

/** A large plan creates resources without a pause. After the deadline it is interrupted in the middle anyway. */
async function untilSafe(look: () => Moment, settled: number): Promise<void> {
  const deadline = Date.now() + longestDelay;
  while (Date.now() < deadline && !isSafePoint(look(), settled)) {
    await wait(100);
  }
}

/**
 * Runs a command and returns its standard output.
 * `diagnose` finds the reasons for a failure in that output; otherwise they are read from standard error.
 */
export async function runCollected(
  options: SessionOptions,
  args: readonly string[],
  diagnose: (stdout: string) => readonly Diagnostic[] = () => [],
): Promise<string> {
  options.interrupts.throwIfInterrupted();
  const { exitCode, stoppedBy, stdout, stderr } = await collect(childStart(options, args));
  if (exitCode === 0 && stoppedBy === undefined) return stdout;
  const found = diagnose(stdout);
  const failure = {
    command: [
      options.binary.product,
      ...args.filter((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith("-")),
    ].join(" "),
    diagnostics: found.length > 0 ? found : parseTextDiagnostics(stderr),
    said: [],
    log: logOf(options),
    exitCode,
  };
  throw stoppedBy === undefined
    ? await errorOf(options, failure)
    : stoppedError(failure, stoppedBy);
}

function logOf({ env }: SessionOptions): string | undefined {
  return env["TF_LOG"] ? env["TF_LOG_PATH"] : undefined;
}

function childStart(
  { binary, folder, env, interrupts }: SessionOptions,
  args: readonly string[],
): ChildStart {
  return { file: binary.file, args: inFolder(folder, args), folder, env, interrupts };
}

async function errorOf(options: SessionOptions, failure: Failure, own = 0): Promise<Error> {
  const { folder } = options;
  const refused = failure.diagnostics.find(({ summary }) =>
    summary.startsWith("Error acquiring the state lock"),
  );
  const lock = parseLockInfo(refused?.detail ?? "");
  if (lock === undefined) {
    return failureOf(failure, failure.exitCode > 128 ? await listLost(options) : []);
  }
  const holder = await describeHolder(lock, own, folder);
  return new StateLockedError(lock, holder, holder.isDead ? await listLost(options) : []);
}

/** Also empty when the state cannot be read: the error that is being reported matters more. */
async function listLost(options: SessionOptions): Promise<readonly string[]> {
  try {
    const saved = readState(await runCollected(options, statePullArgs()));
    return findLostResources(readApplyLog(await readApplyLogFile(options.folder)), saved);
  } catch {
    return [];
  }
}

/** Milliseconds. */
const longestDelay = 30_000;
