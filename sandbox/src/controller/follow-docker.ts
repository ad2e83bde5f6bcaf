import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Reads the lines of a docker command that normally never ends. Starts it again when it does end, for example when its container or the
 * engine restarts. `Run` does not fit: it collects all output until the end.
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
