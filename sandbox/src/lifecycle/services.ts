import { CommandError } from "../../../src/errors/command-error.ts";
import { lastLine } from "../../../src/process/programs/last-line.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { serviceArgv, serviceSecrets } from "../containers/services-argv.ts";
import { docker, tryDocker } from "../containers/docker.ts";
import { type ServiceRole, serviceContainer } from "../containers/sandbox-names.ts";
import { listContainers } from "../containers/list-containers.ts";
import { waitUntilReady } from "./ready.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/** Starts one of the region's services unless it is running, and waits until it answers. */
export async function ensureService(
  run: Run,
  state: SandboxState,
  folder: string,
  role: ServiceRole,
): Promise<void> {
  const name = serviceContainer(state.name, role);
  const found = (await listContainers(run, state.name)).find(
    (container) => container.name === name,
  );
  if (found?.running !== true) {
    const restarted = found !== undefined && (await tryDocker(run, ["start", name])).exitCode === 0;
    if (!restarted) await create(run, state, folder, role);
  }
  await waitUntilReady(run, state, role);
}

async function create(
  run: Run,
  state: SandboxState,
  folder: string,
  role: ServiceRole,
): Promise<void> {
  const name = serviceContainer(state.name, role);
  // Remove a container that cannot be started again, for example because its network is gone.
  await tryDocker(run, ["rm", "--force", "--volumes", name]);
  const result = await tryDocker(run, serviceArgv(state, folder, role), {
    env: serviceSecrets(state),
  });
  if (result.exitCode === 0) return;
  // Docker keeps a container that it created and could not start.
  await docker(run, ["rm", "--force", "--volumes", name]);
  const why = lastLine(result.stderr);
  const again = `infer-deploy sandbox stop --name ${state.name}, then infer-deploy sandbox start --name ${state.name}`;
  throw new CommandError(`The sandbox's ${role} cannot be started`, {
    where: name,
    why,
    next: portTaken.test(why)
      ? `another program uses one of the sandbox's ports. For new ports: ${again}`
      : again,
  });
}

/** Whether a service failed to start because another program uses its port. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof CommandError && portTaken.test(error.why ?? "");
}

const portTaken = /already allocated|address already in use/;
