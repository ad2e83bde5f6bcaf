import type { Run } from "../process/programs/run.ts";
import { buildStep } from "./docker-argv.ts";

export interface BuildRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a docker build, with its steps as progress. Resolves to undefined when it is done, and to its last lines when it fails. */
export async function runBuild(
  run: Run,
  { args, env }: BuildRun,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<readonly string[] | undefined> {
  const tail: string[] = [];
  const { exitCode } = await run({
    file: "docker",
    args,
    env,
    writes: true,
    signal,
    onLine: (line) => {
      if (line.trim() !== "") {
        tail.push(line);
        tail.splice(0, Math.max(0, tail.length - tailLines));
      }
      const step = buildStep(line);
      if (step !== undefined) progress(step);
    },
  });
  signal.throwIfAborted();
  return exitCode === 0 ? undefined : tail;
}

const tailLines = 20;
