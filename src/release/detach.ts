import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, type ExitCode } from "../errors/command-error.ts";
import type { Clock } from "../process/clock.ts";
import { startDetached } from "../process/programs/detached.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import type { ReleaseRecord } from "../state/release-record.ts";

/** The background process sends this to the one that started it. */
export interface BegunMessage {
  readonly release: number;
  readonly version: string;
}

export interface Detached extends BegunMessage {
  readonly logFile: string;
}

export interface DetachDeps {
  /** The command line, without the program. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, "now">;
  readonly interrupts: Pick<Interrupts, "aborted" | "throwIfInterrupted">;
  readonly reporter: Pick<Reporter, "notify">;
  /** Where this machine keeps its files about stacks. */
  readonly stateFolder: string;
}

/**
 * Starts a background process that makes the release. Resolves when that process has the lock and the image, and found no objection, so
 * refusals still appear here. Undefined when there was nothing to do. Throws CommandError, with the process's exit code and last lines,
 * when it ended before that.
 */
export async function detachRelease(
  deps: DetachDeps,
  { name, environment }: { readonly name: string; readonly environment: string },
): Promise<Detached | undefined> {
  const stamp = deps.clock.now().toISOString().replace(/[:.]/g, "-");
  const logFile = join(deps.stateFolder, "logs", `release-${name}-${environment}-${stamp}.log`);
  const title = `Start the release in the background (${logFile})`;
  return span(deps.reporter, "detached", title, async () => {
    const start = await startDetached(
      deps.args.filter((arg) => arg !== "--detach"),
      {
        cwd: deps.cwd,
        // Its own variable would make that process start another one.
        env: { ...deps.env, INFER_DEPLOY_DETACH: undefined },
        logFile,
        signal: deps.interrupts.aborted,
      },
    );
    if (isBegunMessage(start.message)) {
      return { release: start.message.release, version: start.message.version, logFile };
    }
    const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-linesShown);
    if (start.exitCode === 0) {
      for (const text of lines) deps.reporter.notify({ type: "note", text });
      return undefined;
    }
    deps.interrupts.throwIfInterrupted();
    throw new CommandError("The background process ended before the release began.", {
      exitCode: start.exitCode as ExitCode,
      where: logFile,
      detail: lines,
    });
  });
}

export function begunMessage({ release, version }: ReleaseRecord): BegunMessage {
  return { release, version };
}

function isBegunMessage(message: unknown): message is BegunMessage {
  return typeof message === "object" && message !== null && "release" in message;
}

const linesShown = 20;
