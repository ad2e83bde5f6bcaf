import { CommandError, exitCodes } from "./command-error.ts";
import type { ErrorFacts, ExitCode } from "./command-error.ts";

/** The signals that ask the program to stop: Ctrl-C, `kill`, and a closed terminal. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** A signal asked the program to stop, and it has finished all work that must not be left half done. */
export class InterruptedError extends CommandError {
  readonly signal: StopSignal;

  constructor(signal: StopSignal, message: string, facts: Omit<ErrorFacts, "exitCode"> = {}) {
    super(message, { ...facts, exitCode: exitCodeFor(signal) });
    this.name = "InterruptedError";
    this.signal = signal;
  }
}

/** 128 + the signal's number, as a shell reports it: 130, 143 or 129. */
export function exitCodeFor(signal: StopSignal): ExitCode {
  return codes[signal];
}

/** For people. */
export function signalName(signal: StopSignal): string {
  return names[signal];
}

const codes: Readonly<Record<StopSignal, ExitCode>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hangup,
};

const names: Readonly<Record<StopSignal, string>> = {
  SIGINT: "Ctrl-C",
  SIGTERM: "SIGTERM",
  SIGHUP: "a closed terminal (SIGHUP)",
};
