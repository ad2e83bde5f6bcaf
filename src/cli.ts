import { readFile } from "node:fs/promises";
import { Command, CommanderError, Option } from "commander";
import type { GlobalFlags } from "./commands/flags.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Deps } from "./deps.ts";
import { CommandError, exitCodes } from "./errors.ts";
import { readSwitch } from "./process/switches.ts";

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

type RunVerb = (flags: GlobalFlags, work: (deps: Deps) => Promise<number>) => Promise<void>;

async function report(error: unknown, debug: boolean, streams: NodeJS.Process): Promise<number> {
  if (error instanceof CommanderError) {
    // commander has printed its own text; --help and --version end with 0.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const { errorText } = await import("./report/error-text.ts");
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
    .action(async (options: Record<string, unknown>) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("./commands/render.ts")).render(deps, flags, loaded, {
          out: String(options["out"]),
        }),
      ),
    );

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

/** The config is read before anything heavy is loaded: a mistake in it is told at once, with nothing touched. */
async function withConfig(
  run: RunVerb,
  streams: NodeJS.Process,
  options: Readonly<Record<string, unknown>>,
  needs: { readonly needsImage: boolean },
  work: (deps: Deps, flags: GlobalFlags, loaded: LoadedConfig) => Promise<number>,
): Promise<void> {
  const flags = globalFlags(options, streams.env);
  const { loadConfig } = await import("./config/load.ts");
  const loaded = await loadConfig({ flags, cwd: streams.cwd(), env: streams.env, ...needs });
  await run(flags, async (deps) => work(deps, flags, loaded));
}

function verb(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option(
      "--config <file>",
      "the configuration (default: infer-deploy.yml; env: INFER_DEPLOY_CONFIG)",
    )
    .option("--environment <name>", "which environment of the file (env: INFER_DEPLOY_ENVIRONMENT)")
    .option("--region <region>", "AWS region, instead of the file's (env: INFER_DEPLOY_REGION)")
    .addOption(new Option("--profile <name>", "AWS profile").env("INFER_DEPLOY_PROFILE"))
    .addOption(
      new Option("--sandbox [name]", "work in the local region, without AWS")
        .preset(defaultSandbox)
        .env("INFER_DEPLOY_SANDBOX"),
    )
    .option("-y, --yes", "answer every question with yes (env: INFER_DEPLOY_YES)")
    .option("--json", "one JSON document on standard output")
    .option("--quiet", "only warnings and errors")
    .option("--debug", "stack traces");
}

/** `env` has the twins of switches, which commander would take for set whatever they say. */
export function globalFlags(
  options: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): GlobalFlags {
  const text = (key: string): string | undefined => {
    const value = options[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    config: text("config"),
    environment: text("environment"),
    region: text("region"),
    profile: text("profile"),
    sandbox: text("sandbox"),
    yes: options["yes"] === true || readSwitch(env, "INFER_DEPLOY_YES"),
    json: options["json"] === true,
    quiet: options["quiet"] === true,
    debug: options["debug"] === true,
  };
}

function buildArgOption(): Option {
  return new Option("--build-arg <key=value>", "build argument, over the file's; may be repeated")
    .default({}, "none")
    .argParser((value: string, previous: unknown) => {
      const at = value.indexOf("=");
      if (at < 1) {
        throw new CommandError(`--build-arg takes KEY=VALUE, and "${value}" is not that.`, {
          exitCode: exitCodes.usage,
        });
      }
      return { ...(previous as Record<string, string>), [value.slice(0, at)]: value.slice(at + 1) };
    });
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

const lingerMilliseconds = 200;
const defaultSandbox = "default";

const sandboxVerbs = {
  start: "starts the local region, or picks up what is there of it",
  stop: "ends it and takes away everything it made",
  status: "what runs, where, and what the region does not model",
  reset: "an empty region again",
  images: "builds the region's images when they are missing",
} as const;

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 changes (plan --detailed-exitcode), 4 timed out, 5 locked,
64 usage or configuration, 129/130/143 interrupted`;
