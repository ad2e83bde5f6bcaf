import { rm } from "node:fs/promises";
import { interruptibleRun } from "../../../src/process/programs/interruptible-run.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { openStateHome } from "../../../src/process/state-home.ts";
import { stopController } from "./controller-process.ts";
import { docker, requireEngine, tryDocker } from "../containers/docker.ts";
import { withLock } from "./file-lock.ts";
import { checkSandboxName, sandboxLabel } from "../containers/sandbox-names.ts";
import { listContainers } from "../containers/list-containers.ts";
import { sandboxFolder } from "../client/state-file.ts";
import type { SandboxDeps } from "./images.ts";

/**
 * Removes the whole sandbox: processes, containers, volumes, network, state folder. Works on an incomplete sandbox too.
 * Returns whether there was anything to remove.
 */
export async function stopSandbox(given: SandboxDeps, name: string): Promise<boolean> {
  const { aborted } = given.interrupts;
  const deps = { ...given, run: interruptibleRun(given.run, aborted) };
  checkSandboxName(name);
  const folder = sandboxFolder(deps.env, name);
  const onWait = () =>
    deps.reporter.notify({
      type: "note",
      text: `Another process is working on sandbox ${name}; waiting for it`,
    });
  await openStateHome(deps.env);
  return withLock(`${folder}.lock`, onWait, aborted, async () => {
    // First, because it needs no Docker engine.
    await stopController(deps.run, folder);
    await requireEngine(deps.run);
    const removed = await removeParts(deps.run, name);
    await rm(folder, { recursive: true, force: true });
    return removed;
  });
}

/** Removes the sandbox's containers, volumes and networks. Returns whether there were any. */
export async function removeParts(run: Run, name: string): Promise<boolean> {
  const containers = await listContainers(run, name);
  const instances = containers
    .filter((one) => one.instance !== null && one.running)
    .map((one) => one.name);
  // A killed instance leaves the empty control groups of its inner containers on this machine; one that shuts down does not.
  if (instances.length > 0) await tryDocker(run, ["stop", "-t", "5", ...instances]);
  const all = containers.map((one) => one.name);
  if (all.length > 0) await docker(run, ["rm", "--force", "--volumes", ...all]);
  const [volumes, networks] = await Promise.all([
    listByLabel(run, "volume", name),
    listByLabel(run, "network", name),
  ]);
  if (volumes.length > 0) await docker(run, ["volume", "rm", "--force", ...volumes]);
  if (networks.length > 0) await docker(run, ["network", "rm", ...networks]);
  return all.length + volumes.length + networks.length > 0;
}

async function listByLabel(run: Run, kind: "volume" | "network", name: string): Promise<string[]> {
  const args = [kind, "ls", "--quiet", "--filter", `label=${sandboxLabel}=${name}`];
  return (await docker(run, args, { writes: false })).split("\n").filter(Boolean);
}
