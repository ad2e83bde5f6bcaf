import type { Run } from "./run.ts";

/**
 * A `Run` for programs that may be interrupted at any moment. When `aborted` fires, the running program is asked to end,
 * no other is started, and the signal's reason is thrown instead of a result.
 */
export function interruptibleRun(run: Run, aborted: AbortSignal): Run {
  return async (command) => {
    aborted.throwIfAborted();
    const signal =
      command.signal === undefined ? aborted : AbortSignal.any([aborted, command.signal]);
    const result = await run({ ...command, signal });
    // Ctrl-C reaches the program too, which then fails before it is asked to end.
    aborted.throwIfAborted();
    return result;
  };
}
