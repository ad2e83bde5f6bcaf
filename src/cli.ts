import type { CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { keepCompiledCode } from "./cli/code-cache.ts";
import type { Deps } from "./deps.ts";
import { CommandError, exitCodes } from "./errors/command-error.ts";
import { safeText } from "./errors/safe-text.ts";
import { outputFailure, writeTo } from "./process/closed-output.ts";
import { readSwitch } from "./process/switches.ts";

/** Runs one verb and sets the process's exit code: the only place that turns an error into text and a code. */
export async function main(
  argv: readonly string[],
  streams: NodeJS.Process = process,
): Promise<void> {
  streams.on("exit", () => {
    reportLostOutput(streams);
  });
  if (argv.length === 3 && argv[2] === "--version") {
    writeTo(streams.stdout, `${packageJson.version}\n`);
    return;
  }
  keepCompiledCode(streams);
  let deps: Deps | undefined;
  try {
    const { runProgram } = await import("./cli/program.ts");
    streams.exitCode = await runProgram(argv, {
      version: packageJson.version,
      start: {
        env: streams.env,
        get cwd() {
          return streams.cwd();
        },
        onExit: (listener) => streams.once("exit", listener),
        out: (text) => writeTo(streams.stdout, safeText(text, streams.env)),
        createDeps: async (flags) => {
          const { createDeps } = await import("./deps.ts");
          deps = await createDeps(flags, streams);
          return deps;
        },
      },
      complain: (text) => writeTo(streams.stderr, safeText(text, streams.env)),
    });
  } catch (error) {
    deps?.endDrawing();
    streams.exitCode = await report(error, argv, streams);
    // Don't let abandoned work, such as a hung child process, keep us alive.
    setTimeout(() => {
      // The exit may wait for a file forever; then the next signal ends this process.
      deps?.interrupts.dispose();
      streams.exit();
    }, lingerMilliseconds).unref();
  } finally {
    // After the first press, all later ones are swallowed until the end.
    if (deps?.interrupts.signal === undefined) deps?.interrupts.dispose();
  }
}

async function report(
  error: unknown,
  argv: readonly string[],
  streams: NodeJS.Process,
): Promise<number> {
  if (isCommanderError(error)) {
    // commander has printed its own text; --help ends with 0.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const { errorText } = await import("./errors/error-text.ts");
  const text = errorText(error, isDebugging(argv, streams.env), argv.slice(2));
  writeTo(streams.stderr, await shown(text, streams.env));
  if (error instanceof CommandError) return error.exitCode;
  const { fileError } = await import("./errors/file-error.ts");
  return fileError(error)?.exitCode ?? exitCodes.failed;
}

/** At the end, because the work itself must not end in the middle for want of a reader. */
function reportLostOutput(streams: NodeJS.Process): void {
  const failure = outputFailure(streams.stdout);
  if (failure === undefined) return;
  streams.exitCode = streams.exitCode || exitCodes.failed;
  const lines = [
    "✖ Standard output could not be written.",
    `  why:   ${failure.message}`,
    "  next:  free space where the output goes, then run the same command again",
  ];
  writeTo(streams.stderr, safeText(`${lines.join("\n")}\n`, streams.env));
}

/** As this locale can show it. */
async function shown(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { plainMarks } = await import("./report/panel/ascii.ts");
  const { isUtf8 } = await import("./report/panel/screen.ts");
  const safe = safeText(text, env);
  return isUtf8(env) ? safe : plainMarks(safe);
}

/** By its name, because its class would have to be loaded. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && error.name === "CommanderError";
}

/** Also where the command line could not be read, and where the variable's own word is what is wrong. */
function isDebugging(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  try {
    return argv.includes("--debug") || readSwitch(env, "INFER_DEPLOY_DEBUG");
  } catch {
    return false;
  }
}

const lingerMilliseconds = 200;
