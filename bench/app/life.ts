import { setTimeout as sleep } from "node:timers/promises";
import { held, type BoundRow } from "../groups.ts";
import { summarise } from "../table.ts";
import { putLoad } from "./measure.ts";
import { startServer, type RunningServer } from "./servers.ts";
import { run, type Places } from "./setup.ts";
import { apart, type Machine, machines, type Settings } from "./world.ts";

/** The cost of a server: its start, its memory and its image. */
export async function size(places: Places, settings: Settings): Promise<readonly BoundRow[]> {
  const rows = [await start(places)];
  for (const machine of machines) rows.push(await memory(places, settings, machine));
  return [...rows, image(places)];
}

async function start(places: Places): Promise<BoundRow> {
  const found: number[] = [];
  for (let turn = 0; turn < starts; turn += 1) {
    const server = await startServer(places, "infer-deploy", "0,1");
    found.push(server.readyMilliseconds);
    await server.stop();
  }
  const { median, min, max } = summarise(found);
  return {
    figure: "from the process's start to ready, ms, median",
    own: median,
    least: min,
    most: max,
    ...held("1000 ms", median <= 1000),
  };
}

async function memory(places: Places, { seconds }: Settings, machine: Machine): Promise<BoundRow> {
  const server = await startServer(places, "infer-deploy", machine.server);
  const atRest = server.memory().now;
  // First enough short texts to fill the cache.
  for (const tokens of [8, 128]) {
    await putLoad(places, server, machine.load, { connections: 64, tokens, seconds: seconds * 3 });
  }
  const { most } = server.memory();
  await server.stop();
  return {
    figure: `resident at 64 connections, the cache full, cores: ${machine.cores}, MB`,
    own: most,
    least: atRest,
    most,
    ...held("350 MB", most <= 350),
  };
}

function image({ image: name }: Places): BoundRow {
  const megabytes = Number(run("sh", ["-c", `docker save ${name} | gzip | wc -c`])) / 1e6;
  return {
    figure: "the image with the model, compressed, MB",
    own: megabytes,
    least: megabytes,
    most: megabytes,
    ...held("115 MB", megabytes <= 115),
  };
}

/** Minutes at 80 % of its capacity: memory must not grow, and no request may fail. */
export async function soak(places: Places, settings: Settings): Promise<readonly BoundRow[]> {
  const { seconds, soakMinutes } = settings;
  const server = await startServer(places, "infer-deploy", apart.server);
  const tokens = 32;
  const connections = 32;
  const { perSecond } = await putLoad(places, server, apart.load, { connections, tokens, seconds });
  const load = putLoad(places, server, apart.load, {
    connections,
    tokens,
    seconds: soakMinutes * 60,
    rate: perSecond * 0.8,
  });
  const samples = await watchMemory(server, load);
  const { answers, p99 } = await load;
  await server.stop();
  // Skips the beginning, when the cache fills up: it is bounded, and not what this measures.
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const early = summarise(samples.slice(tenth, 2 * tenth)).median;
  const late = summarise(samples.slice(-tenth)).median;
  const growth = (late / early - 1) * 100;
  return [
    {
      figure: `${soakMinutes} minutes at 80 % of capacity`,
      "requests a second": perSecond * 0.8,
      answers,
      "p99, ms": p99,
      "MB in the second tenth": early,
      "MB in the last tenth": late,
      "MB at most": Math.max(...samples),
      "growth, %": growth,
      ...held("5 % at most, 0 errors", growth <= 5),
    },
  ];
}

async function watchMemory(
  server: RunningServer,
  load: Promise<unknown>,
): Promise<readonly number[]> {
  const samples: number[] = [];
  const ending = new AbortController();
  const stop = (): void => {
    ending.abort();
  };
  load.then(stop, stop);
  while (!ending.signal.aborted) {
    samples.push(server.memory().now);
    await sleep(2000);
  }
  return samples;
}

const starts = 10;
