import { exitCodes } from "../errors/command-error.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Run } from "../process/run.ts";
import type { Reporter } from "../report/reporter.ts";

export interface SandboxCommandDeps {
  readonly run: Run;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly interrupts: Pick<Interrupts, "aborted">;
}

export interface SandboxCommandOptions {
  readonly name: string;
  readonly json: boolean;
}

export type SandboxVerb = "start" | "stop" | "status" | "reset" | "images";

/** `infer-deploy sandbox VERB`. Returns the exit code: `status` returns 1 unless every part of the sandbox answers. */
export async function sandbox(
  deps: SandboxCommandDeps,
  verb: SandboxVerb,
  options: SandboxCommandOptions,
): Promise<number> {
  return verbs[verb](deps, options);
}

const verbs: Readonly<
  Record<SandboxVerb, (deps: SandboxCommandDeps, options: SandboxCommandOptions) => Promise<number>>
> = {
  start: async (deps, options) => {
    const { startSandbox } = await import("../../sandbox/src/lifecycle/start.ts");
    printState(
      deps,
      options,
      await startSandbox(deps, { name: options.name, region: regionOf(deps) }),
    );
    return exitCodes.done;
  },
  stop: async (deps, options) => {
    const { stopSandbox } = await import("../../sandbox/src/lifecycle/stop.ts");
    const removed = await stopSandbox(deps, options.name);
    if (options.json) print(deps, { name: options.name, removed });
    else
      deps.reporter.notify({
        type: "note",
        text: removed ? `Sandbox ${options.name} is gone` : `There was no sandbox ${options.name}`,
      });
    return exitCodes.done;
  },
  status: async (deps, options) => {
    const { sandboxStatus } = await import("../../sandbox/src/lifecycle/sandbox-status.ts");
    const { sandboxStatusText } =
      await import("../../sandbox/src/lifecycle/sandbox-status-text.ts");
    const status = await sandboxStatus(deps, options.name);
    if (options.json) print(deps, { ...status });
    else deps.out(sandboxStatusText(status));
    return status.running ? exitCodes.done : exitCodes.failed;
  },
  reset: async (deps, options) => {
    const { resetSandbox } = await import("../../sandbox/src/lifecycle/reset.ts");
    printState(
      deps,
      options,
      await resetSandbox(deps, { name: options.name, region: regionOf(deps) }),
    );
    return exitCodes.done;
  },
  images: async (deps, options) => {
    const { ensureImages } = await import("../../sandbox/src/lifecycle/images.ts");
    const images = await ensureImages(deps);
    if (options.json) print(deps, { images });
    else deps.out(`${images.region}\n${images.instance}\n`);
    return exitCodes.done;
  },
};

function printState(
  deps: SandboxCommandDeps,
  options: SandboxCommandOptions,
  state: { readonly endpoint: string },
): void {
  if (options.json) print(deps, { ...state });
  else deps.out(`${state.endpoint}\n`);
}

function print(deps: SandboxCommandDeps, document: Readonly<Record<string, unknown>>): void {
  deps.out(`${JSON.stringify({ schema_version: 1, ...document }, null, 2)}\n`);
}

/** Where the shell already points; any region's API answers, and the controller also finds those that hold a load balancer. */
function regionOf({ env }: SandboxCommandDeps): string {
  return env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
}
