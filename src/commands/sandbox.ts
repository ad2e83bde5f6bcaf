import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { weatherNames } from "../../sandbox/src/client/weather-names.ts";
import {
  type EngineVersion,
  engineVersions,
  isEngineVersion,
} from "../../sandbox/src/client/engine-versions.ts";
import type { Override } from "../config/override.ts";
import { asked, name } from "../options/kinds.ts";
import { refusal } from "../options/option.ts";
import { readOptions, type Values } from "../options/read-options.ts";
import { defaultSandbox, outputOptions } from "./kinds/stack-verb.ts";
import type { Verb, VerbGroup } from "./kinds/verb.ts";

const options = {
  name: name("--name <name>", "which local region", {
    fallback: defaultSandbox,
    twin: "INFER_DEPLOY_SANDBOX",
  }),
  ...outputOptions,
};

const weatherChoices = ["none", ...weatherNames];

const imageOptions = {
  ...options,
  engine: asked("--engine <version>", "which Docker the instances have", {
    choices: engineVersions,
  }),
};

const startOptions = {
  ...imageOptions,
  weather: asked("--weather <conditions>", "conditions of AWS that are off by default", {
    choices: weatherChoices,
  }),
};

type SandboxFlags = Values<typeof options>;

export const sandbox: VerbGroup = {
  name: "sandbox",
  summary: "manages the local region that --sandbox works in",
  verbs: [
    sandboxVerb(
      {
        name: "start",
        summary: "starts the local region, or picks up what is there of it",
        options: startOptions,
      },
      start,
    ),
    sandboxVerb({ name: "stop", summary: "ends it and removes everything it made", options }, stop),
    sandboxVerb(
      {
        name: "status",
        summary: "shows what runs, where, and what the region does not model",
        options,
      },
      status,
    ),
    sandboxVerb(
      {
        name: "weather",
        summary: "lists the conditions of AWS that are off by default, or sets them",
        options,
        operand: {
          name: "conditions",
          summary: "what to switch on, such as stale-tags=5m,busy-bucket, or none",
          choices: weatherChoices,
        },
      },
      weather,
    ),
    sandboxVerb({ name: "reset", summary: "an empty region again", options }, reset),
    sandboxVerb(
      {
        name: "images",
        summary: "builds the region's images when they are missing",
        options: imageOptions,
      },
      images,
    ),
  ],
};

function sandboxVerb<O extends typeof options>(
  {
    name: verb,
    summary,
    options: own,
    operand,
  }: Pick<Verb, "name" | "summary" | "operand"> & {
    readonly options: O;
  },
  run: (deps: Deps, flags: Values<O>, operands: readonly string[]) => Promise<number>,
): Verb {
  return {
    name: verb,
    summary,
    options: own,
    ...(operand === undefined ? {} : { operand }),
    run: async (begin) => {
      const { quiet } = readOptions(options, begin);
      const flags = readOptions(own, begin);
      return run(await begin.createDeps({ quiet, sandbox: undefined }), flags, begin.operands);
    },
  };
}

async function start(deps: Deps, flags: Values<typeof startOptions>): Promise<number> {
  const { parseWeather } = await import("../../sandbox/src/client/weather-text.ts");
  const { startSandbox } = await import("../../sandbox/src/lifecycle/start.ts");
  const { name: sandboxName, weather: typed } = flags;
  const engine = readEngine(flags.engine);
  const wanted = typed === undefined ? undefined : parseWeather(typed.value, typed.origin);
  const state = await startSandbox(deps, { name: sandboxName, region: regionOf(deps), engine });
  if (wanted !== undefined) {
    const { openWeather } = await import("../../sandbox/src/lifecycle/open-weather.ts");
    await (await openWeather(deps, sandboxName)).change(wanted);
  }
  printState(deps, flags, state);
  return exitCodes.done;
}

/** Without operands it changes nothing. */
async function weather(
  deps: Deps,
  flags: SandboxFlags,
  operands: readonly string[],
): Promise<number> {
  const { parseWeather } = await import("../../sandbox/src/client/weather-text.ts");
  const { openWeather } = await import("../../sandbox/src/lifecycle/open-weather.ts");
  const { conditionsText } = await import("../../sandbox/src/lifecycle/conditions-text.ts");
  const wanted = parseWeather(operands.join(","), "sandbox weather");
  const found = await openWeather(deps, flags.name);
  if (operands.length > 0) await found.change(wanted);
  const conditions = await found.conditions();
  if (flags.json) print(deps, { name: flags.name, conditions });
  else deps.out(conditionsText(conditions));
  return exitCodes.done;
}

async function stop(deps: Deps, flags: SandboxFlags): Promise<number> {
  const { stopSandbox } = await import("../../sandbox/src/lifecycle/stop.ts");
  const removed = await stopSandbox(deps, flags.name);
  if (flags.json) print(deps, { name: flags.name, removed });
  else
    deps.reporter.notify({
      type: "note",
      text: removed ? `Sandbox ${flags.name} is gone` : `There was no sandbox ${flags.name}`,
    });
  return exitCodes.done;
}

/** Exits with 1 when the sandbox is not whole. */
async function status(deps: Deps, flags: SandboxFlags): Promise<number> {
  const { sandboxStatus } = await import("../../sandbox/src/lifecycle/sandbox-status.ts");
  const { sandboxStatusText } = await import("../../sandbox/src/lifecycle/sandbox-status-text.ts");
  const found = await sandboxStatus(deps, flags.name);
  if (flags.json) print(deps, { ...found });
  else deps.out(sandboxStatusText(found));
  return found.running ? exitCodes.done : exitCodes.failed;
}

async function reset(deps: Deps, flags: SandboxFlags): Promise<number> {
  const { resetSandbox } = await import("../../sandbox/src/lifecycle/reset.ts");
  printState(deps, flags, await resetSandbox(deps, { name: flags.name, region: regionOf(deps) }));
  return exitCodes.done;
}

async function images(deps: Deps, flags: Values<typeof imageOptions>): Promise<number> {
  const engine = readEngine(flags.engine);
  const { ensureImages } = await import("../../sandbox/src/lifecycle/images.ts");
  const found = await ensureImages(deps, engine);
  if (flags.json) print(deps, { images: found });
  else deps.out(`${found.region}\n${found.instance}\n`);
  return exitCodes.done;
}

function readEngine(typed: Override | undefined): EngineVersion | undefined {
  if (typed === undefined) return undefined;
  if (isEngineVersion(typed.value)) return typed.value;
  throw refusal(typed, engineVersions.join(" or "));
}

function printState(deps: Deps, flags: SandboxFlags, state: { readonly endpoint: string }): void {
  if (flags.json) print(deps, { ...state });
  else deps.out(`${state.endpoint}\n`);
}

function print(deps: Deps, document: Readonly<Record<string, unknown>>): void {
  deps.out(`${JSON.stringify({ ...document, schema_version: 1 }, null, 2)}\n`);
}

/** Where the shell already points; any region's API answers, and the controller also finds those that hold a load balancer. */
function regionOf({ env }: Deps): string {
  return env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
}
