import { readSandboxState, sandboxFolder, writeSandboxState } from "../client/state-file.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import type { SandboxDeps } from "./images.ts";
import { startSandbox, type StartOptions } from "./start.ts";
import { stopSandbox } from "./stop.ts";

/** Empties the region and keeps its ports, so that shells that point at it still work. */
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
