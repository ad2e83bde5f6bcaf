import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError, Option } from "commander";
import {
  buildArgOption,
  defaultSandbox,
  globalFlags,
  verb,
  withConfig,
  type RunVerb,
} from "./cli/options.ts";
import { addLockVerbs, addReleaseVerbs } from "./cli/release-verbs.ts";
import type { Deps } from "./deps.ts";
import { CommandError, exitCodes } from "./errors/command-error.ts";
import { packageRoot } from "./package-root.ts";

/** Runs one verb and sets the process's exit code: the only place that turns an error into text and a code. */
export async function main(
  argv: readonly string[],
  streams: NodeJS.Process = process,
): Promise<void> {
  const state: { debug: boolean; deps: Deps | undefined } = {
    debug: argv.includes("--debug"),
    deps: undefined,
  };
  try {
    const program = createProgram(await readVersion(), streams, async (flags, work) => {
      const { createDeps } = await import("./deps.ts");
      state.deps = await createDeps(flags, streams);
      streams.exitCode = await work(state.deps);
    });
    await program.parseAsync([...argv]);
  } catch (error) {
    streams.exitCode = await report(error, state.debug, streams);
    // What was given up, such as a program that hangs, holds the process back no longer than this.
    setTimeout(() => streams.exit(), lingerMilliseconds).unref();
  } finally {
    // Further presses of somebody who has asked to stop are swallowed to the end.
    if (state.deps?.interrupts.signal === undefined) state.deps?.interrupts.dispose();
  }
}

async function report(error: unknown, debug: boolean, streams: NodeJS.Process): Promise<number> {
  if (error instanceof CommanderError) {
    // commander has printed its own text; --help and --version end with 0.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const { errorText } = await import("./errors/error-text.ts");
  streams.stderr.write(errorText(error, debug));
  return error instanceof CommandError ? error.exitCode : exitCodes.failed;
}

function createProgram(version: string, streams: NodeJS.Process, run: RunVerb): Command {
  const program = new Command("infer-deploy")
    .description(
      "From a Dockerfile with a model inside to an HTTPS address in your own AWS account",
    )
    .version(version)
    .exitOverride()
    // `up --version V` is the verb's own option, not a question about the program.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .showHelpAfterError("infer-deploy --help lists the verbs and their options")
    .addHelpText("after", exitCodeHelp);

  verb(program, "up", "infrastructure and first release; returns when the address answers")
    .addOption(
      new Option(
        "--version <version>",
        "version of the first release (default: from the image's content)",
      ),
    )
    .addOption(buildArgOption())
    .option("--refresh", "make a Terraform plan even when nothing seems changed")
    .option("--refresh-ami", "take Canonical's newest machine image")
    .action(async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: true }, async (deps, flags, loaded) =>
        (await import("./commands/up.ts")).up(deps, flags, loaded, {
          version: options["version"] as string | undefined,
          buildArgs: options["buildArg"] as Readonly<Record<string, string>>,
          refresh: options["refresh"] === true,
          refreshAmi: options["refreshAmi"] === true,
        }),
      ),
    );

  verb(program, "plan", "what `up` would change")
    .option("--detailed-exitcode", "exit with 2 when there are changes")
    .option("--refresh-ami", "plan with Canonical's newest machine image")
    .action(async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: true }, async (deps, flags, loaded) =>
        (await import("./commands/plan.ts")).plan(deps, flags, loaded, {
          detailedExitcode: options["detailedExitcode"] === true,
          refreshAmi: options["refreshAmi"] === true,
        }),
      ),
    );

  verb(program, "status", "versions, weights, instances, alarms and what the address answers")
    .option("--watch", "draw it again every two seconds")
    .action(async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("./commands/status.ts")).status(deps, flags, loaded, {
          watch: options["watch"] === true,
        }),
      ),
    );

  verb(program, "destroy", "takes everything away and proves by tag that nothing is left").action(
    async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("./commands/destroy.ts")).destroy(deps, flags, loaded),
      ),
  );

  verb(program, "render", "writes the Terraform files that `up` would apply")
    .requiredOption("--out <folder>", "folder to write to; made when it does not exist")
    .option("--account <id>", "AWS account of the stack, where this machine does not know it")
    .action(async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("./commands/render.ts")).render(deps, flags, loaded, {
          out: String(options["out"]),
          account: options["account"] as string | undefined,
        }),
      ),
    );

  addReleaseVerbs(program, streams, run);
  addLockVerbs(program, streams, run);

  const sandbox = program
    .command("sandbox")
    .description("the local region that --sandbox works in");
  for (const [name, summary] of Object.entries(sandboxVerbs)) {
    sandbox
      .command(name)
      .description(summary)
      .addOption(
        new Option("--name <name>", "which local region")
          .default(defaultSandbox)
          .env("INFER_DEPLOY_SANDBOX"),
      )
      .option("--json", "one JSON document on standard output")
      .option("--quiet", "only warnings and errors")
      .option("--debug", "stack traces")
      .action(async (options: Record<string, unknown>) =>
        run(globalFlags(options, streams.env), async (deps) =>
          (await import("./commands/sandbox.ts")).sandbox(deps, name as keyof typeof sandboxVerbs, {
            name: (options["name"] as string) || defaultSandbox,
            json: options["json"] === true,
          }),
        ),
      );
  }
  return program;
}

async function readVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

const lingerMilliseconds = 200;

const sandboxVerbs = {
  start: "starts the local region, or picks up what is there of it",
  stop: "ends it and takes away everything it made",
  status: "what runs, where, and what the region does not model",
  reset: "an empty region again",
  images: "builds the region's images when they are missing",
} as const;

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 changes (plan --detailed-exitcode), 3 rolled back, 4 timed out,
5 locked, 64 usage or configuration, 129/130/143 interrupted`;
