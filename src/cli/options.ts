import { Option, type Command } from "commander";
import type { GlobalFlags } from "../target/flags.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { readSwitch } from "../process/switches.ts";

/** Makes the deps, runs the work with them, and keeps its exit code. */
export type RunVerb = (flags: GlobalFlags, work: (deps: Deps) => Promise<number>) => Promise<void>;

/** The config is read before anything heavy is loaded: a mistake in it is told at once, with nothing touched. */
export async function withConfig(
  run: RunVerb,
  streams: NodeJS.Process,
  options: Readonly<Record<string, unknown>>,
  needs: { readonly needsImage: boolean },
  work: (deps: Deps, flags: GlobalFlags, loaded: LoadedConfig) => Promise<number>,
): Promise<void> {
  const flags = globalFlags(options, streams.env);
  const { loadConfig } = await import("../config/load.ts");
  const loaded = await loadConfig({ flags, cwd: streams.cwd(), env: streams.env, ...needs });
  await run(flags, async (deps) => work(deps, flags, loaded));
}

/** A verb with the options that all verbs on a stack have. */
export function verb(program: Command, name: string, summary: string): Command {
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

export function buildArgOption(): Option {
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

export const defaultSandbox = "default";
