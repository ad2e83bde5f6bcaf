import { readSandboxState, sandboxFolder, writeSandboxState } from "../client/state-file.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import { type SandboxDeps, startSandbox, type StartOptions } from "./start.ts";
import { stopSandbox } from "./stop.ts";

/** An empty region again, on the same ports, so that shells that were pointed at it stay right. */
export async function resetSandbox(
  deps: SandboxDeps,
  options: StartOptions,
): Promise<SandboxState> {
  const folder = sandboxFolder(deps.env, options.name);
  const before = await readSandboxState(folder);
  await stopSandbox(deps, options.name);
  if (before !== undefined) await writeSandboxState(folder, { ...before, controllerPid: null });
  return startSandbox(deps, options);
}
