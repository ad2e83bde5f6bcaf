import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Reads the lines of a docker command that never ends, and starts it again when it does (its container was restarted, the engine was).
 * `Run` is not for this: it collects all output until the end.
 */
export async function followDocker(
  argsNow: () => readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await readOnce(argsNow(), onLine, signal);
    await delay(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}

function readOnce(
  args: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn("docker", args, { stdio: ["ignore", "pipe", "ignore"], signal });
    createInterface({ input: child.stdout }).on("line", onLine);
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
}

const pauseMilliseconds = 500;
