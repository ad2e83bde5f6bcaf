import type { StopSignal } from "../errors/interrupted-error.ts";
import { exitCodeFor } from "../errors/interrupted-error.ts";

/**
 * Ends this process by a signal's default action. `process.exit` would first wait for file operations in progress, and opening a pipe
 * without a writer, or a file on a network that is gone, never ends.
 */
export function endBy(signal: StopSignal, streams: NodeJS.Process): void {
  streams.emit("exit", exitCodeFor(signal));
  streams.removeAllListeners(signal);
  streams.kill(streams.pid, signal);
}
