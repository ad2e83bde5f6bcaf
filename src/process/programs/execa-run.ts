import { existsSync } from "node:fs";
import { constants } from "node:os";
import { execa } from "execa";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { createLineSplitter } from "./lines.ts";
import type { Command, Run } from "./run.ts";

/**
 * The real `Run`: starts the program with execa, streams its lines, and returns both outputs in full.
 * `apart`: every program has its own process group, so that the hang-up that this process survives does not end them either.
 */
export function createRun({ apart = false }: { readonly apart?: boolean } = {}): Run {
  return async (command) => {
    const child = execa(command.file, [...command.args], {
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...(command.env === undefined ? {} : { env: command.env }),
      ...(command.input === undefined ? { stdin: "ignore" as const } : { input: command.input }),
      ...(command.ownGroup === true || apart ? { detached: true } : {}),
      ...(command.signal === undefined || command.ownGroup === true
        ? {}
        : { cancelSignal: command.signal }),
      reject: false,
      stripFinalNewline: false,
      forceKillAfterDelay: killAfterMilliseconds,
    });
    if (command.onLine !== undefined) streamLines(child, command.onLine);

    const unwatch =
      command.ownGroup === true && command.signal !== undefined && child.pid !== undefined
        ? endGroupOn(command.signal, child.pid)
        : undefined;
    const result = await child;
    unwatch?.();
    const { exitCode, signal, stdout, stderr } = result;
    if (exitCode !== undefined) return { exitCode, stdout, stderr };
    if (signal === undefined && !result.isCanceled)
      throw cannotStart(command, result.cause ?? result);
    return { exitCode: 128 + constants.signals[signal ?? "SIGTERM"], stdout, stderr };
  };
}

interface Outputs {
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
}

function streamLines(child: Outputs, onLine: NonNullable<Command["onLine"]>): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const splitter = createLineSplitter((line) => onLine(line, stream));
    child[stream].on("data", (chunk: Uint8Array) => splitter.push(chunk));
    child[stream].once("end", () => splitter.end());
  }
}

/**
 * Ending a script leaves the program that it waits for, which keeps the outputs open, and this run would wait for that
 * program. So the whole group is ended. Returns a function that stops watching the signal.
 */
function endGroupOn(signal: AbortSignal, group: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const send = (name: "SIGTERM" | "SIGKILL"): void => {
    try {
      process.kill(-group, name);
    } catch {
      // The last process of the group has just ended.
    }
  };
  const end = (): void => {
    send("SIGTERM");
    timer = setTimeout(send, killAfterMilliseconds, "SIGKILL");
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  };
}

function cannotStart(command: Command, cause: unknown): CommandError {
  const { file, cwd } = command;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const isPath = file.includes("/");
  // ENOENT can also mean a missing working folder, or a script's missing interpreter.
  const isBlamed = (cwd === undefined || existsSync(cwd)) && !(isPath && existsSync(file));
  if (code === "ENOENT" && isBlamed) {
    // No cause: it would only repeat this message.
    return new CommandError(
      isPath ? `${file} does not exist` : `${file} is not installed, or not on the PATH`,
      {
        exitCode: exitCodes.usage,
        next: installHints[file] ?? `Install ${file} and run the command again.`,
      },
    );
  }
  return new CommandError(`${file} could not be started`, {
    ...(cwd === undefined ? {} : { where: cwd }),
    cause,
  });
}

/** How long a program may take to stop after SIGTERM before it is killed. */
const killAfterMilliseconds = 5_000;

/** How to install each program. */
const installHints: Readonly<Record<string, string>> = {
  docker:
    "Install Docker Engine: https://docs.docker.com/engine/install/ (Debian and Ubuntu: sudo apt-get install docker.io)",
  terraform: "Install Terraform 1.10 or newer: https://developer.hashicorp.com/terraform/install",
  tofu: "Install OpenTofu 1.10 or newer: https://opentofu.org/docs/intro/install/",
  git: "Install git: https://git-scm.com/downloads (Debian and Ubuntu: sudo apt-get install git)",
  "session-manager-plugin":
    "Install the Session Manager plugin: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
};
