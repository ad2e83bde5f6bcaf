import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { name } from "../options/kinds.ts";
import { readOptions, type Values } from "../options/read-options.ts";
import { defaultSandbox, outputOptions } from "./stack-verb.ts";
import type { Verb, VerbGroup } from "./verb.ts";

const options = {
  name: name("--name <name>", "which local region", {
    fallback: defaultSandbox,
    twin: "INFER_DEPLOY_SANDBOX",
  }),
  ...outputOptions,
};

type SandboxFlags = Values<typeof options>;

export const sandbox: VerbGroup = {
  name: "sandbox",
  summary: "manages the local region that --sandbox works in",
  verbs: [
    sandboxVerb("start", "starts the local region, or picks up what is there of it", start),
    sandboxVerb("stop", "ends it and removes everything it made", stop),
    sandboxVerb("status", "shows what runs, where, and what the region does not model", status),
    sandboxVerb("reset", "an empty region again", reset),
    sandboxVerb("images", "builds the region's images when they are missing", images),
  ],
};

function sandboxVerb(
  verb: string,
  summary: string,
  run: (deps: Deps, flags: SandboxFlags) => Promise<number>,
): Verb {
  return {
    name: verb,
    summary,
    options,
    run: async (begin) => {
      const flags = readOptions(options, begin);
      return run(await begin.createDeps({ quiet: flags.quiet, sandbox: undefined }), flags);
    },
  };
}

async function start(deps: Deps, flags: SandboxFlags): Promise<number> {
  const { startSandbox } = await import("../../sandbox/src/lifecycle/start.ts");
  printState(deps, flags, await startSandbox(deps, { name: flags.name, region: regionOf(deps) }));
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

async function images(deps: Deps, flags: SandboxFlags): Promise<number> {
  const { ensureImages } = await import("../../sandbox/src/lifecycle/images.ts");
  const found = await ensureImages(deps);
  if (flags.json) print(deps, { images: found });
  else deps.out(`${found.region}\n${found.instance}\n`);
  return exitCodes.done;
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
