import type { Run } from "./run.ts";

/**
 * A `Run` for programs that may be given up at any moment: what runs when `aborted` fires is asked to end, nothing more is
 * started, and the reason of the signal is thrown instead of a result.
 */
export function interruptibleRun(run: Run, aborted: AbortSignal): Run {
  return async (command) => {
    aborted.throwIfAborted();
    const signal =
      command.signal === undefined ? aborted : AbortSignal.any([aborted, command.signal]);
    const result = await run({ ...command, signal });
    // Ctrl-C reaches the program as well, which then fails before it is asked to end.
    aborted.throwIfAborted();
    return result;
  };
}
