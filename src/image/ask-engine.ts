import { CommandError, exitCodes } from "../errors/command-error.ts";
import { lastLine } from "../process/programs/last-line.ts";
import type { Run } from "../process/programs/run.ts";

/** The Docker engine's version. Throws CommandError (64) when no engine answers. */
export async function askEngine(run: Run, signal: AbortSignal): Promise<string> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const answer = await run({ file: "docker", args, writes: false, signal });
  if (answer.exitCode !== 0) throw noEngine(lastLine(answer.stderr));
  return answer.stdout.trim();
}

export function noEngine(why: string): CommandError {
  return new CommandError("No Docker engine answers, and the image is built with one.", {
    exitCode: exitCodes.usage,
    why,
    next: "start Docker Desktop, or: sudo systemctl start docker",
  });
}
