import { CommandError, exitCodes } from "../../../src/errors/command-error.ts";
import { InterruptedError } from "../../../src/errors/interrupted-error.ts";
import { lastLine } from "../../../src/process/programs/last-line.ts";
import type { Command, Run, RunResult } from "../../../src/process/programs/run.ts";

/** Runs docker and returns its standard output, trimmed. Throws CommandError with docker's last line when it fails. */
export async function docker(
  run: Run,
  args: readonly string[],
  extra: Partial<Command> = {},
): Promise<string> {
  const result = await tryDocker(run, args, extra);
  if (result.exitCode !== 0) {
    throw new CommandError(`docker ${args[0] ?? ""} failed`, {
      why: lastLine(result.stderr || result.stdout),
    });
  }
  return result.stdout.trim();
}

/** Runs docker and accepts any exit code. */
export async function tryDocker(
  run: Run,
  args: readonly string[],
  extra: Partial<Command> = {},
): Promise<RunResult> {
  return run({ file: "docker", args, writes: true, ...extra });
}

/** Throws CommandError (64) when no engine answers, with the command that installs or starts one. */
export async function requireEngine(
  run: Run,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  let answer: RunResult;
  try {
    answer = await tryDocker(run, ["version", "--format", "{{.Server.Version}}"], {
      writes: false,
    });
  } catch (cause) {
    if (cause instanceof InterruptedError) throw cause;
    throw new CommandError(
      "The sandbox needs a Docker engine, and this machine has no docker command",
      {
        exitCode: exitCodes.usage,
        next: installHints[platform] ?? "install Docker: https://docs.docker.com/engine/install/",
        cause,
      },
    );
  }
  if (answer.exitCode === 0) return;
  const why = lastLine(answer.stderr);
  throw new CommandError("The sandbox needs a Docker engine, and no engine answers", {
    exitCode: exitCodes.usage,
    why,
    next: /permission denied/i.test(why)
      ? "sudo usermod -aG docker $USER, then log in again"
      : (startHints[platform] ?? "start the Docker engine"),
  });
}

const installHints: Partial<Record<NodeJS.Platform, string>> = {
  linux: "sudo apt-get install docker.io",
  darwin: "install Docker Desktop: brew install --cask docker, then open -a Docker",
  win32: "install Docker Desktop and start it",
};

const startHints: Partial<Record<NodeJS.Platform, string>> = {
  linux: "sudo systemctl start docker (or, without systemd: sudo dockerd &)",
  darwin: "open -a Docker",
  win32: "start Docker Desktop",
};
