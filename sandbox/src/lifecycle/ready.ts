import { setTimeout as delay } from "node:timers/promises";
import { CommandError } from "../../../src/errors/command-error.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { tryDocker } from "../containers/docker.ts";
import { type ServiceRole, serviceContainer } from "../containers/sandbox-names.ts";
import { askBalancer } from "../containers/balancer-api.ts";
import { sandboxHeaders } from "../client/sandbox-key.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/** Whether a part of the region answers now. */
export async function answers(state: SandboxState, role: ServiceRole): Promise<boolean> {
  try {
    return await checks[role](state);
  } catch {
    return false;
  }
}

/** Waits until a part answers. Throws CommandError with the container's last lines when it exits or does not answer. */
export async function waitUntilReady(
  run: Run,
  state: SandboxState,
  role: ServiceRole,
): Promise<void> {
  const container = serviceContainer(state.name, role);
  const deadline = Date.now() + readyMilliseconds;
  for (let round = 1; Date.now() < deadline; round += 1) {
    if (await answers(state, role)) return;
    await delay(pollMilliseconds);
    if (round % 10 !== 0) continue;
    const running = await tryDocker(run, ["inspect", "--format", "{{.State.Running}}", container], {
      writes: false,
    });
    if (running.stdout.trim() !== "true") break;
  }
  const logs = await tryDocker(run, ["logs", "--tail", "20", container], { writes: false });
  throw new CommandError(`The sandbox's ${role} does not answer`, {
    where: container,
    detail: `${logs.stdout}${logs.stderr}`.trim().split("\n").slice(-20),
    next: `infer-deploy sandbox reset --name ${state.name}`,
  });
}

const checks: Readonly<Record<ServiceRole, (state: SandboxState) => Promise<boolean>>> = {
  emulator: (state) => ok(`${state.endpoint}/_sandbox/health`, sandboxHeaders(state)),
  registry: (state) => ok(`http://${state.registry}/v2/`, registryHeaders(state)),
  balancer: async (state) => (await askBalancer(state, "show info")).includes("Pid:"),
};

async function ok(url: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(answerMilliseconds) });
  await response.arrayBuffer();
  return response.ok;
}

function registryHeaders({ registryPassword }: SandboxState): Readonly<Record<string, string>> {
  const login = Buffer.from(`AWS:${registryPassword}`).toString("base64");
  return { authorization: `Basic ${login}` };
}

const readyMilliseconds = 30_000;
const pollMilliseconds = 100;
const answerMilliseconds = 4000;
