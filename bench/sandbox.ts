import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serviceContainer } from "../sandbox/src/containers/sandbox-names.ts";
import { readSandboxState, sandboxFolder } from "../sandbox/src/client/state-file.ts";
import type { SandboxState } from "../sandbox/src/client/sandbox-state.ts";
import { createStack } from "../test/_helpers/sandbox-stack.ts";
import { ticksOf } from "./processor-time.ts";
import { printTable, summarise, type Row } from "./table.ts";

/**
 * The cost of the local region: start, stop, a new instance, and idle, compared with an empty container in the same run:
 * `npm run bench:sandbox`. The images are built before the clock runs.
 */
const execute = promisify(execFile);
const cli = fileURLToPath(new URL("../bin/infer-deploy.js", import.meta.url));
const name = "bench-region";
const home = await mkdtemp(join(tmpdir(), "bench-sandbox-"));
const env = { ...process.env, XDG_STATE_HOME: home, AWS_REGION: "us-east-1", NO_COLOR: "1" };
const rounds = 3;
const restSeconds = 30;
/** Linux reports processor time in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;
const seconds = new Map<string, number[]>();

try {
  await execute(process.execPath, [cli, "sandbox", "images"], { env });
  for (let round = 1; round <= rounds; round += 1) {
    await time("sandbox start", () => sandbox("start"));
    await time("sandbox start, when it runs", () => sandbox("start"));
    const state = await readRunning();
    await time("floor: an empty container", () =>
      execute("docker", ["run", "--rm", "--entrypoint", "true", state.images.region]),
    );
    const stack = await createStack(state);
    await time("desired capacity 0 to 1, until the target is healthy", async () => {
      await stack.scale("blue", 1);
      await until(async () => (await stack.health("blue")).some((one) => one.endsWith(" healthy")));
    });
    const before = await processorSeconds(state);
    await delay(restSeconds * 1000);
    const share = ((await processorSeconds(state)) - before) / restSeconds;
    note("at rest: processor time of controller and emulator, in a second", share);
    await time("sandbox stop", () => sandbox("stop"));
  }
  printTable("sandbox", [...seconds].map(row));
} finally {
  await sandbox("stop");
  await rm(home, { recursive: true, force: true });
}

function row([title, values]: readonly [string, readonly number[]]): Row {
  const { median, min, max } = summarise(values);
  return { case: title, [`seconds, median of ${rounds}`]: median, least: min, most: max };
}

async function time(title: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  note(title, (performance.now() - started) / 1000);
}

function note(title: string, value: number): void {
  seconds.set(title, [...(seconds.get(title) ?? []), value]);
}

async function sandbox(verb: string): Promise<void> {
  await execute(process.execPath, [cli, "sandbox", verb, "--name", name], { env });
}

async function readRunning(): Promise<SandboxState> {
  const state = await readSandboxState(sandboxFolder(env, name));
  if (state === undefined) throw new Error("the sandbox does not run");
  return state;
}

/** Processor time that the controller and the emulator's processes have used, in seconds. Linux only. */
async function processorSeconds(state: SandboxState): Promise<number> {
  const top = await execute("docker", ["top", serviceContainer(name, "emulator"), "-o", "pid"]);
  const pids = [...top.stdout.matchAll(/^\s*(\d+)\s*$/gm)].map(([, pid]) => pid);
  const used = await Promise.all([state.controllerPid, ...pids].map(ticksOf));
  return used.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) {
    await delay(100);
  }
}
