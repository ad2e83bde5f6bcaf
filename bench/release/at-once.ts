import { spawn } from "node:child_process";
import { systemProcesses } from "../../src/process/processes.ts";
import { lockDocument, lockKey } from "../../src/lock/new-lock.ts";
import { cliPath } from "../../test/_helpers/cli.ts";
import { failedSamples } from "../../test/_helpers/load.ts";
import { releaseArgs } from "../../test/_helpers/release-project.ts";
import type { CliEnd } from "../../test/_helpers/running-cli.ts";
import { summarise } from "../table.ts";
import { held, type BoundRow } from "../groups.ts";
import { requestsPerSecond, type Options, type World } from "./world.ts";

/** Twenty releases started at once, several times; and the time of one alone that finds the lock held. */
export async function atOnce(world: World, { rounds }: Options): Promise<readonly BoundRow[]> {
  const { app } = world;
  const versions = [world.newVersion(), world.newVersion()] as const;
  for (const version of versions) await world.push(version);
  const alone = await aloneAgainstHeldLock(world, versions[0]);
  await world.quiet();
  const load = app.load(requestsPerSecond);
  const losers: number[] = [];
  let goodRounds = 0;
  for (let round = 0; round < rounds; round += 1) {
    const version = versions[round % 2] ?? versions[0];
    const ends = await Promise.all(
      Array.from({ length: atOnceCount }, async () => app.release(version, { args: quick })),
    );
    const lost = ends.filter(({ exitCode }) => exitCode !== 0);
    losers.push(...lost.map(seconds));
    const isGood = lost.length === atOnceCount - 1 && lost.every(namesHolder);
    goodRounds += isGood ? 1 : 0;
    const codes = ends.map(({ exitCode }) => exitCode).join(" ");
    process.stderr.write(`round ${round + 1}: ${codes}\n`);
    if (!isGood) process.stderr.write(ends.map(({ stderr }) => stderr).join("\n"));
  }
  const nodes = await togetherTimes(world, ["-e", "0"]);
  const programs = await togetherTimes(world, [cliPath, "--version"]);
  const samples = await load.stop();
  return [
    {
      case: `${rounds} rounds of ${atOnceCount}`,
      figures: `${goodRounds} rounds with one exit 0, the others 5 with the holder's name`,
      ...held("all rounds", goodRounds === rounds),
    },
    {
      case: "under load meanwhile",
      figures: `${samples.length} answers, ${failedSamples(samples).length} non-2xx`,
      ...held("0 non-2xx", failedSamples(samples).length === 0),
    },
    {
      case: "one alone finds the lock held",
      figures: `exits after ${distribution(alone.map((one) => one.seconds))} s; ${distribution(alone.map((one) => one.cpu))} CPU seconds`,
      ...held("1 s at most", Math.max(...alone.map((one) => one.seconds)) <= 1),
    },
    {
      case: `one of ${atOnceCount} that find it held`,
      figures: `exits after ${distribution(losers)} s`,
      ...held("1 s at most", Math.max(...losers) <= 1),
    },
    {
      case: `${atOnceCount} empty Node programs at once, to the last one's end`,
      figures: `${distribution(nodes)} s`,
      ...held("none, a floor", true),
    },
    {
      case: `${atOnceCount} x --version at once, which sends no request, to the last one's end`,
      figures: `${distribution(programs)} s`,
      ...held("none, a floor", true),
    },
  ];
}

/** The seconds that this machine needs to start as many processes under the same load, measured a few times. No bound can be lower. */
async function togetherTimes({ app }: World, args: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < togetherTurns; turn += 1) {
    const started = performance.now();
    await Promise.all(
      Array.from({ length: atOnceCount }, async () => timed([process.execPath, ...args], app)),
    );
    found.push((performance.now() - started) / 1000);
  }
  return found;
}

interface Lone {
  readonly seconds: number;
  /** Of the process itself, in user and system mode. */
  readonly cpu: number;
}

/** This process holds the lock meanwhile. */
async function aloneAgainstHeldLock(
  { app, inside }: World,
  version: string,
): Promise<readonly Lone[]> {
  const facts = { id: "bench", ci: null, command: "bench:release", since: new Date() };
  const document = lockDocument(await systemProcesses.self(), facts);
  const etag = await inside.store.put(lockKey, document, "absent");
  if (etag === false) throw new Error("another run holds the lock of the bench's stack");
  const found: Lone[] = [];
  for (let turn = 0; turn < loneTurns; turn += 1) {
    const started = performance.now();
    const args = ["release", "--sandbox", app.project.sandbox, ...releaseArgs(version), ...quick];
    const { exitCode, stderr } = await timed([process.execPath, cliPath, ...args], app);
    const cpu = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr);
    if (exitCode !== 5) throw new Error(`ended with ${exitCode}:\n${stderr}`);
    found.push({
      seconds: (performance.now() - started) / 1000,
      cpu: Number(cpu?.[1]) + Number(cpu?.[2]),
    });
  }
  await inside.store.remove(lockKey, etag);
  return found;
}

/** Node does not report a child's CPU time; a shell does. */
async function timed(
  command: readonly string[],
  { project }: World["app"],
): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const child = spawn("bash", ["-c", script, "bash", ...command], {
    cwd: project.folder,
    env: project.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ exitCode: code ?? -1, stderr });
    });
  });
}

function namesHolder({ exitCode, stderr }: CliEnd): boolean {
  return exitCode === 5 && /locked by \S+@\S+, `infer-deploy release/.test(stderr);
}

function seconds({ started, ended }: CliEnd): number {
  return (ended - started) / 1000;
}

function distribution(values: readonly number[]): string {
  const { median, min, max } = summarise(values);
  return `${min.toFixed(2)} to ${max.toFixed(2)}, median ${median.toFixed(2)}`;
}

const atOnceCount = 20;
const loneTurns = 10;
const togetherTurns = 5;
const quick = ["--no-build", "--bake", "0s"];
