import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import { askedIfAny, duration, nameOrAlone, onOff } from "../../options/kinds.ts";
import { readOptions, type Options, type Values } from "../../options/read-options.ts";
import type { GlobalFlags } from "../../target/flags.ts";
import type { Operand, Start, Verb } from "./verb.ts";

/** A verb on one stack: it has the options that choose the stack, and is given its configuration. */
export interface StackVerb<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  /** Whether the build context and the Dockerfile must be there. */
  readonly needsImage: boolean;
  readonly operand?: Operand;
  readonly run: (
    deps: Deps,
    flags: GlobalFlags,
    loaded: LoadedConfig,
    own: Values<O>,
    operands: readonly string[],
  ) => Promise<number>;
}

export function stackVerb<O extends Options>(verb: StackVerb<O>): Verb {
  return {
    name: verb.name,
    summary: verb.summary,
    options: { ...verb.options, ...stackOptions },
    ...(verb.operand === undefined ? {} : { operand: verb.operand }),
    run: async (start) => {
      const own = readOptions(verb.options, start);
      return withStack(start, verb, async (deps, flags, loaded) =>
        verb.run(deps, flags, loaded, own, start.operands),
      );
    },
  };
}

/** The config is read before anything heavy is loaded: a mistake in it is reported at once, with nothing touched. */
export async function withStack(
  start: Start,
  needs: { readonly needsImage: boolean },
  work: (deps: Deps, flags: GlobalFlags, loaded: LoadedConfig) => Promise<number>,
): Promise<number> {
  const { config, environment, region } = readOptions(stackOptions, start);
  const flags = stackFlags(start);
  const { loadConfig } = await import("../../config/load.ts");
  const loaded = await loadConfig({
    asked: { config, environment, region },
    cwd: start.cwd,
    needsImage: needs.needsImage,
  });
  if (needs.needsImage && loaded.config.image.target !== null) {
    const { requireStage } = await import("../../image/dockerfile/require-stage.ts");
    await requireStage(loaded);
  }
  return work(await start.createDeps(flags), flags, loaded);
}

export function stackFlags(start: Start): GlobalFlags {
  const { config, environment, region, profile, ...others } = readOptions(stackOptions, start);
  return {
    ...others,
    config: config?.value,
    environment: environment?.value,
    region: region?.value,
    profile: profile?.value,
  };
}

export const outputOptions = {
  json: onOff("--json", "one JSON document on standard output"),
  quiet: onOff("--quiet", "only warnings and errors"),
  debug: onOff("--debug", "stack traces, and which AWS credentials are used"),
};

/** Of every verb that takes the lock. */
export const lockWait = duration(
  "--lock-wait <duration>",
  "wait so long for the lock when another run holds it",
  "0s",
);

export const defaultSandbox = "default";

export const stackOptions = {
  config: askedIfAny("-c, --config <file>", "the configuration, by default infer-deploy.yml", {
    completes: "file",
  }),
  environment: askedIfAny("-e, --environment <name>", "which environment of the file"),
  region: askedIfAny("--region <region>", "AWS region, instead of the file's"),
  profile: askedIfAny("--profile <name>", "AWS profile"),
  sandbox: nameOrAlone("--sandbox [name]", "work in the local region, without AWS", defaultSandbox),
  yes: onOff("-y, --yes", "answer every question with yes"),
  ...outputOptions,
};
