import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommanderError } from "commander";
import { runProgram } from "./cli/program.ts";
import { verbs } from "./cli/verbs.ts";
import type { Deps } from "./deps.ts";
import { CommandError, exitCodes } from "./errors/command-error.ts";
import { packageRoot } from "./package-root.ts";
import { writeTo } from "./process/closed-output.ts";
import { readSwitch } from "./process/switches.ts";

/** Runs one verb and sets the process's exit code: the only place that turns an error into text and a code. */
export async function main(
  argv: readonly string[],
  streams: NodeJS.Process = process,
): Promise<void> {
  let deps: Deps | undefined;
  try {
    streams.exitCode = await runProgram(argv, {
      version: await readVersion(),
      verbs,
      start: {
        env: streams.env,
        cwd: streams.cwd(),
        onExit: (listener) => streams.once("exit", listener),
        out: (text) => writeTo(streams.stdout, text),
        createDeps: async (flags) => {
          const { createDeps } = await import("./deps.ts");
          deps = await createDeps(flags, streams);
          return deps;
        },
      },
      complain: (text) => writeTo(streams.stderr, text),
    });
  } catch (error) {
    streams.exitCode = await report(error, argv, streams);
    // Don't let abandoned work, such as a hung child process, keep us alive.
    setTimeout(() => streams.exit(), lingerMilliseconds).unref();
  } finally {
    // Further presses of somebody who has asked to stop are swallowed to the end.
    if (deps?.interrupts.signal === undefined) deps?.interrupts.dispose();
  }
}

async function report(
  error: unknown,
  argv: readonly string[],
  streams: NodeJS.Process,
): Promise<number> {
  if (error instanceof CommanderError) {
    // commander has printed its own text; --help and --version end with 0.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const { errorText } = await import("./errors/error-text.ts");
  writeTo(streams.stderr, errorText(error, isDebugging(argv, streams.env)));
  return error instanceof CommandError ? error.exitCode : exitCodes.failed;
}

/** Also where the command line could not be read, and where the variable's own word is what is wrong. */
function isDebugging(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  try {
    return argv.includes("--debug") || readSwitch(env, "INFER_DEPLOY_DEBUG");
  } catch {
    return false;
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

const lingerMilliseconds = 200;
