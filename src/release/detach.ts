import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { CommandError, type ExitCode } from "../errors/command-error.ts";
import { startDetached } from "../process/detached.ts";
import type { ReleaseRecord } from "../state/records.ts";

/** What the process in the background tells the one that started it. */
export interface BegunMessage {
  readonly release: number;
  readonly version: string;
}

export interface Detached extends BegunMessage {
  readonly logFile: string;
}

/**
 * Lets another process of ours make the release, and resolves when it has the lock, the image and no objection, so that what can be
 * refused is refused here. Throws CommandError with its exit code and its words when it ended before; undefined when it had nothing to do.
 */
export async function detachRelease(
  deps: Deps,
  target: Pick<Target, "stateFolder" | "config">,
): Promise<Detached | undefined> {
  const { name, environment } = target.config;
  const stamp = deps.clock.now().toISOString().replace(/[:.]/g, "-");
  const logFile = join(target.stateFolder, "logs", `release-${name}-${environment}-${stamp}.log`);
  const step = "detached";
  deps.reporter.notify({
    type: "step-started",
    step,
    title: `Begin the release in the background (${logFile})`,
  });
  const start = await startDetached(
    deps.args.filter((arg) => arg !== "--detach"),
    {
      cwd: deps.cwd,
      // Its own twin would make that process start one more.
      env: { ...deps.env, INFER_DEPLOY_DETACH: undefined },
      logFile,
      signal: deps.interrupts.aborted,
    },
  );
  const isBegun = isBegunMessage(start.message);
  const isFine = isBegun || start.exitCode === 0;
  deps.reporter.notify({ type: "step-finished", step, outcome: isFine ? "done" : "failed" });
  if (isBegunMessage(start.message)) {
    return { release: start.message.release, version: start.message.version, logFile };
  }
  const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-linesShown);
  if (start.exitCode === 0) {
    for (const text of lines) deps.reporter.notify({ type: "note", text });
    return undefined;
  }
  deps.interrupts.throwIfInterrupted();
  throw new CommandError("The release in the background ended before it had begun.", {
    exitCode: start.exitCode as ExitCode,
    where: logFile,
    detail: lines,
  });
}

export function begunMessage({ release, version }: ReleaseRecord): BegunMessage {
  return { release, version };
}

function isBegunMessage(message: unknown): message is BegunMessage {
  return typeof message === "object" && message !== null && "release" in message;
}

const linesShown = 20;
