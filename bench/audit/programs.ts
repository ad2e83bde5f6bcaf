import { createRun } from "../../src/process/programs/execa-run.ts";
import type { Command } from "../../src/process/programs/run.ts";

const run = createRun();

/** Resolves to standard output. Throws an Error with the last of both outputs unless the exit code is one of `good`. */
export async function output(
  command: Omit<Command, "writes">,
  good: readonly number[] = [0],
): Promise<string> {
  const { exitCode, stdout, stderr } = await run({ ...command, writes: true });
  if (!good.includes(exitCode)) {
    throw new Error(
      `${command.file} ${command.args.join(" ")} ended with ${exitCode}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`,
    );
  }
  return stdout;
}
