import { randomBytes } from "node:crypto";
import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { interruptibleRun } from "../../../src/process/programs/interruptible-run.ts";
import { openStateHome } from "../../../src/process/state-home.ts";
import { span } from "../../../src/report/span.ts";
import { gatewayAddress } from "../containers/addresses.ts";
import { ensureRegistryCertificate } from "../containers/certificates.ts";
import { findController, startController, stopController } from "./controller-process.ts";
import { emptyConfig } from "../controller/balancer/haproxy-files.ts";
import { requireEngine } from "../containers/docker.ts";
import { defaultEngine, type EngineVersion } from "../client/engine-versions.ts";
import { ensureImages, type SandboxDeps } from "./images.ts";
import { withLock } from "./file-lock.ts";
import { checkSandboxName, networkName, type ServiceRole } from "../containers/sandbox-names.ts";
import { createNetwork, ensureNetwork } from "../containers/network.ts";
import { findFreePorts } from "../containers/ports.ts";
import { answers } from "./ready.ts";
import { ensureService, isPortTaken } from "./services.ts";
import { readSandboxState, sandboxFolder, writeSandboxState } from "../client/state-file.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import { removeParts } from "./stop.ts";

export interface StartOptions {
  readonly name: string;
  /** The AWS region that the controller manages; the API of every region answers in any case. */
  readonly region: string;
  /** The Docker engine of new instances. Without it, a sandbox keeps the one that it has. */
  readonly engine?: EngineVersion | undefined;
}

/**
 * Starts the sandbox, or the parts of it that are missing. Running parts are kept.
 * Throws CommandError (64) when no Docker engine answers.
 */
export async function startSandbox(
  given: SandboxDeps,
  options: StartOptions,
): Promise<SandboxState> {
  const { aborted } = given.interrupts;
  const deps = { ...given, run: interruptibleRun(given.run, aborted) };
  checkSandboxName(options.name);
  const folder = sandboxFolder(deps.env, options.name);
  const running = await findComplete(deps, folder, options);
  if (running !== undefined) return running;
  await requireEngine(deps.run);
  const onWait = () =>
    deps.reporter.notify({
      type: "note",
      text: `Another process is working on sandbox ${options.name}; waiting for it`,
    });
  await openStateHome(deps.env);
  return withLock(`${folder}.lock`, onWait, aborted, async () => {
    const complete = await findComplete(deps, folder, options);
    return complete ?? (await bringUpOnFreePorts(deps, folder, options));
  });
}

/**
 * A port may be taken between the search and its use, for example when several sandboxes start at once.
 * A new sandbox then chooses others. An older one keeps its ports, because shells and Terraform states point at them, and fails.
 */
async function bringUpOnFreePorts(
  deps: SandboxDeps,
  folder: string,
  options: StartOptions,
): Promise<SandboxState> {
  const isNew = (await readSandboxState(folder)) === undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bringUp(deps, folder, options);
    } catch (error) {
      if (!isNew || attempt === mostAttempts || !isPortTaken(error)) throw error;
      deps.reporter.notify({
        type: "note",
        text: "Another program took a port; choosing other ports",
      });
      await stopController(deps.run, folder);
      await removeParts(deps.run, options.name);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The state, if every part is running and answers and the controller manages the region. */
async function findComplete(
  { run }: SandboxDeps,
  folder: string,
  options: StartOptions,
): Promise<SandboxState | undefined> {
  const state = await readSandboxState(folder);
  if (state === undefined || !state.regions.includes(options.region)) return undefined;
  if (engineOf(options, state) !== engineOf({}, state)) return undefined;
  const [controller, ...answering] = await Promise.all([
    findController(run, folder),
    ...roles.map((role) => answers(state, role)),
  ]);
  return controller !== null && answering.every(Boolean) ? state : undefined;
}

async function bringUp(
  deps: SandboxDeps,
  folder: string,
  options: StartOptions,
): Promise<SandboxState> {
  const engine = engineOf(options, await readSandboxState(folder));
  const images = await ensureImages(deps, engine);
  const title = `Starting the sandbox ${options.name}`;
  return span(deps.reporter, `sandbox-${options.name}`, title, async ({ progress, done }) => {
    const state = await prepareState(deps, folder, options, { images, engine });
    await prepareBalancerFolder(folder);
    const controllerPid = await startParts(deps, folder, state, progress);
    const complete: SandboxState = { ...state, controllerPid };
    await writeSandboxState(folder, complete);
    done(complete.endpoint);
    return complete;
  });
}

/** Starts the containers and the controller together, and returns the controller's process id. */
async function startParts(
  { run, env, interrupts }: SandboxDeps,
  folder: string,
  state: SandboxState,
  progress: (detail: string) => void,
): Promise<number | null> {
  // At the same time as the containers: it loads its libraries while they start, and retries until they answer.
  const controller = findController(run, folder).then(
    (pid) => pid ?? startController(folder, env, interrupts.aborted),
  );
  const certificate = ensureRegistryCertificate(run, state, folder);
  // Awaited below; a failure before that must not count as unhandled.
  for (const early of [controller, certificate]) early.catch(() => undefined);
  const services = roles.map(async (role) => {
    if (role === "registry") await certificate;
    await ensureService(run, state, folder, role);
    progress(`${role} answers`);
  });
  // The containers first: when one of them fails, it is the cause of the other failures.
  await settle(services);
  const [controllerPid] = await settle([controller]);
  return controllerPid ?? null;
}

/** All results, or the first failure, once everything has ended: no work may continue after the caller has returned. */
async function settle<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function prepareState(
  deps: SandboxDeps,
  folder: string,
  options: StartOptions,
  chosen: Pick<SandboxState, "images" | "engine">,
): Promise<SandboxState> {
  const found = await readSandboxState(folder);
  if (found !== undefined) {
    await ensureNetwork(deps.run, options.name, found.network.subnet);
    const regions = [...new Set([...found.regions, options.region])];
    const state: SandboxState = { ...found, ...chosen, regions };
    await writeSandboxState(folder, state);
    return state;
  }
  // Containers without a state file are useless: their ports are unknown.
  await removeParts(deps.run, options.name);
  const subnet = await createNetwork(deps.run, options.name);
  const [endpoint = 0, registry = 0, runtimePort = 0, ...listenerPorts] = await findFreePorts(
    3 + listenerCount,
  );
  const state: SandboxState = {
    schema_version: 2,
    name: options.name,
    account,
    key: `sandbox${randomBytes(16).toString("hex")}`,
    registryPassword: randomBytes(16).toString("hex"),
    endpoint: `http://127.0.0.1:${endpoint}`,
    registry: `127.0.0.1:${registry}`,
    balancer: { runtimePort, listenerPorts },
    network: { name: networkName(options.name), subnet, gateway: gatewayAddress(subnet) },
    ...chosen,
    regions: [options.region],
    controllerPid: null,
  };
  await writeSandboxState(folder, state);
  return state;
}

function engineOf(
  options: Pick<StartOptions, "engine">,
  state: SandboxState | undefined,
): EngineVersion {
  return options.engine ?? state?.engine ?? defaultEngine;
}

async function prepareBalancerFolder(folder: string): Promise<void> {
  const balancer = join(folder, "balancer");
  await mkdir(balancer, { recursive: true });
  const config = join(balancer, "haproxy.cfg");
  await access(config).catch(() => writeFile(config, emptyConfig()));
}

const roles: readonly ServiceRole[] = ["emulator", "registry", "balancer"];
const account = "123456789012";
const listenerCount = 10;
const mostAttempts = 3;
