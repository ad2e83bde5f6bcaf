import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { interruptibleRun } from "../../../src/process/interruptible-run.ts";
import { span } from "../../../src/report/span.ts";
import { gatewayAddress } from "../containers/addresses.ts";
import { ensureRegistryCertificate } from "../containers/certificates.ts";
import { findController, startController, stopController } from "./controller-process.ts";
import { emptyConfig } from "../controller/balancer/haproxy-files.ts";
import { requireEngine } from "../containers/docker.ts";
import { ensureImages, type ImageDeps } from "./images.ts";
import { withLock } from "./file-lock.ts";
import { checkSandboxName, networkName, type ServiceRole } from "../containers/sandbox-names.ts";
import { createNetwork, ensureNetwork } from "../containers/network.ts";
import { findFreePorts } from "../containers/ports.ts";
import { answers } from "./ready.ts";
import { ensureService, isPortTaken } from "./services.ts";
import { readSandboxState, sandboxFolder, writeSandboxState } from "../client/state-file.ts";
import type { SandboxImages, SandboxState } from "../client/sandbox-state.ts";
import { removeParts } from "./stop.ts";

export type SandboxDeps = ImageDeps;

export interface StartOptions {
  readonly name: string;
  /** The AWS region that shall be looked after; every region's API answers in any case. */
  readonly region: string;
}

/**
 * Brings the sandbox up, or back to whole: what runs is kept, only what is missing is started.
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
  const running = await findWhole(deps, folder, options);
  if (running !== undefined) return running;
  await requireEngine(deps.run);
  const onWait = () =>
    deps.reporter.notify({
      type: "note",
      text: `Another process is at work on sandbox ${options.name}; waiting for it`,
    });
  return withLock(`${folder}.lock`, onWait, aborted, async () => {
    const whole = await findWhole(deps, folder, options);
    return whole ?? (await bringUpOnFreePorts(deps, folder, options));
  });
}

/**
 * A port that was free when it was looked for may be taken when it is used, as when several sandboxes are started at once.
 * A new sandbox then takes others; one that shells and Terraform states already point at keeps its own and says so.
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
      deps.reporter.notify({ type: "note", text: "A port was taken meanwhile; taking others" });
      await stopController(deps.run, folder);
      await removeParts(deps.run, options.name);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The state, if every part runs and answers and the region is one that the controller knows. */
async function findWhole(
  { run }: SandboxDeps,
  folder: string,
  options: StartOptions,
): Promise<SandboxState | undefined> {
  const state = await readSandboxState(folder);
  if (state === undefined || !state.regions.includes(options.region)) return undefined;
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
  const images = await ensureImages(deps);
  const title = `Starting the sandbox ${options.name}`;
  return span(deps.reporter, `sandbox-${options.name}`, title, async ({ progress, done }) => {
    const state = await prepareState(deps, folder, options, images);
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
  // Beside the containers: it loads its libraries while they start, and what does not answer yet it asks again.
  const controller = findController(run, folder).then(
    (pid) => pid ?? startController(folder, env, interrupts.aborted),
  );
  const certificate = ensureRegistryCertificate(run, state, folder);
  // They are waited for further down; a failure until then is not unhandled.
  for (const early of [controller, certificate]) early.catch(() => undefined);
  const services = roles.map(async (role) => {
    if (role === "registry") await certificate;
    await ensureService(run, state, folder, role);
    progress(`${role} answers`);
  });
  // The containers first: when one of them fails, that is the reason for all the rest.
  await settle(services);
  const [controllerPid] = await settle([controller]);
  return controllerPid ?? null;
}

/** All results, or the first failure, but not before everything has ended: nothing may go on behind the caller's back. */
async function settle<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function prepareState(
  deps: SandboxDeps,
  folder: string,
  options: StartOptions,
  images: SandboxImages,
): Promise<SandboxState> {
  const found = await readSandboxState(folder);
  if (found !== undefined) {
    await ensureNetwork(deps.run, options.name, found.network.subnet);
    const regions = [...new Set([...found.regions, options.region])];
    const state: SandboxState = { ...found, images, regions };
    await writeSandboxState(folder, state);
    return state;
  }
  // Containers without a state file cannot be used: nobody knows their ports any more.
  await removeParts(deps.run, options.name);
  const subnet = await createNetwork(deps.run, options.name);
  const [endpoint = 0, registry = 0, runtimePort = 0, ...listenerPorts] = await findFreePorts(
    3 + listenerCount,
  );
  const state: SandboxState = {
    schema_version: 1,
    name: options.name,
    account,
    endpoint: `http://127.0.0.1:${endpoint}`,
    registry: `127.0.0.1:${registry}`,
    balancer: { runtimePort, listenerPorts },
    network: { name: networkName(options.name), subnet, gateway: gatewayAddress(subnet) },
    images,
    regions: [options.region],
    controllerPid: null,
  };
  await writeSandboxState(folder, state);
  return state;
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
