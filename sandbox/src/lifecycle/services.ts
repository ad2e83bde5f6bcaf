import { CommandError } from "../../../src/errors/command-error.ts";
import { lastLine } from "../../../src/process/last-line.ts";
import type { Run } from "../../../src/process/run.ts";
import { serviceArgv } from "../containers/services-argv.ts";
import { docker, tryDocker } from "../containers/docker.ts";
import { type ServiceRole, serviceContainer } from "../containers/sandbox-names.ts";
import { listContainers } from "../containers/list-containers.ts";
import { waitUntilReady } from "./ready.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/** Makes one of the region's own containers run and answer; one that runs already is left as it is. */
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
  // Whatever is left of one that cannot be started again, such as after its network was taken away.
  await tryDocker(run, ["rm", "--force", "--volumes", name]);
  const result = await tryDocker(run, serviceArgv(state, folder, role));
  if (result.exitCode === 0) return;
  // Docker leaves what it made and could not start.
  await docker(run, ["rm", "--force", "--volumes", name]);
  const why = lastLine(result.stderr);
  throw new CommandError(`The sandbox's ${role} cannot be started`, {
    where: name,
    why,
    next: portTaken.test(why)
      ? `A port of the sandbox is taken by another program. Let it take new ones: infer-deploy sandbox stop --name ${state.name}, then start`
      : `infer-deploy sandbox stop --name ${state.name}, then start`,
  });
}

/** Whether a service could not be started because another program has its port. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof CommandError && portTaken.test(error.why ?? "");
}

const portTaken = /already allocated|address already in use/;
