import { spawn } from "node:child_process";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

export interface DetachedStart {
  /** The child's message when its work had begun; undefined when it ended before that. */
  readonly message: unknown;
  /** Undefined while it still runs. */
  readonly exitCode: number | undefined;
}

/**
 * Starts this program again in a new session, with both outputs in a file. Resolves when the child reports that its work
 * has begun, or when it ends. Until then the signal ends the child; after that it runs on independently.
 */
export async function startDetached(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly logFile: string;
    readonly signal: AbortSignal;
  },
): Promise<DetachedStart> {
  await mkdir(dirname(options.logFile), { recursive: true, mode: 0o700 });
  const log = await open(options.logFile, "a", 0o600);
  try {
    const [program = ""] = process.argv.slice(1);
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", log.fd, log.fd, "ipc"],
    });
    const stop = (): void => {
      child.kill("SIGTERM");
    };
    options.signal.addEventListener("abort", stop);
    const start = await new Promise<DetachedStart>((resolve, reject) => {
      child.once("error", reject);
      child.once("message", (message) => {
        resolve({ message, exitCode: undefined });
      });
      child.once("exit", (code) => {
        resolve({ message: undefined, exitCode: code ?? 1 });
      });
    });
    options.signal.removeEventListener("abort", stop);
    if (child.connected) {
      child.disconnect();
    }
    child.unref();
    return start;
  } finally {
    await log.close();
  }
}
