import { held, type BoundRow } from "../groups.ts";
import { bareSession, putLoad } from "./measure.ts";
import { startServer, type RunningServer, type ServerName } from "./servers.ts";
import type { Places } from "./setup.ts";
import { machines, type Machine, type Settings } from "./world.ts";

const names: readonly ServerName[] = [
  "infer-deploy",
  "fastapi-batch",
  "fastapi-loop",
  "transformers.js",
];

/**
 * Texts a second of every server in turn, from one connection to 64 and from short texts to long ones. Three times, each with new
 * processes: two processes of the same server can differ by 6 % for their whole life.
 */
export async function sweep(places: Places, settings: Settings): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  const { cores, tokens, connections } = settings.sweep;
  for (const machine of machines.filter((one) => cores.includes(one.cores))) {
    const points: Point[] = [];
    for (const length of tokens) {
      const bestBatch = await findBestBatch(places, machine, length);
      for (const count of connections) {
        const sums = new Map<Measured, number>();
        points.push({ machine, tokens: length, connections: count, bestBatch, sums });
      }
    }
    for (let round = 0; round < rounds; round += 1) {
      const asked = points.some(isShortAndMany) ? [...names, least] : names;
      // The order changes, because the server that has waited longest is slower at first.
      const order = [...asked.slice(round), ...asked.slice(0, round)];
      const servers = await startAll(places, machine, order);
      for (const point of points) {
        await measure(places, settings, servers, point);
        process.stderr.write(`${JSON.stringify({ round, ...rowOf(point, round + 1) })}\n`);
      }
      for (const server of servers) await server.stop();
    }
    rows.push(...points.map((point) => rowOf(point, rounds)));
  }
  return rows;
}

/** What is measured at each point of the sweep; the ceiling is the bare session. */
type Measured = ServerName | "ceiling";

interface Point {
  readonly machine: Machine;
  readonly tokens: number;
  readonly connections: number;
  /** Texts in a batch of the bare session at which it is fastest. */
  readonly bestBatch: number;
  /** Texts a second, added up over the rounds. */
  readonly sums: Map<Measured, number>;
}

/** One process of each server, warm, and none of them idle for minutes. */
async function startAll(
  places: Places,
  machine: Machine,
  order: readonly ServerName[],
): Promise<readonly RunningServer[]> {
  const servers: RunningServer[] = [];
  for (const name of order) {
    const server = await startServer(places, name, machine.server);
    await putLoad(places, server, machine.load, warmUp);
    servers.push(server);
  }
  for (const server of servers) await putLoad(places, server, machine.load, warmAgain);
  return servers;
}

/** One after the other, so that a machine that slows down affects all of them. */
async function measure(
  places: Places,
  { seconds: all }: Settings,
  servers: readonly RunningServer[],
  point: Point,
): Promise<void> {
  const { machine, tokens, connections, bestBatch, sums } = point;
  const seconds = all / rounds;
  const add = (name: Measured, perSecond: number): void => {
    sums.set(name, (sums.get(name) ?? 0) + perSecond);
  };
  const batch = { texts: bestBatch, tokens, seconds };
  const { textsPerSecond } = await bareSession(places, machine.server, batch);
  add("ceiling", textsPerSecond);
  // Long enough for each connection to be answered a few times.
  const load = {
    connections,
    tokens,
    seconds: Math.max(seconds, (3 * connections) / textsPerSecond),
  };
  for (const server of servers) {
    if (server.name === least && !isShortAndMany(point)) continue;
    const { perSecond } = await putLoad(places, server, machine.load, load);
    add(server.name, perSecond);
  }
}

function rowOf(point: Point, count: number): BoundRow {
  const { machine, tokens, connections, sums } = point;
  const mean = (name: Measured): number => (sums.get(name) ?? 0) / count;
  const own = mean("infer-deploy");
  const best = Math.max(...names.slice(1).map(mean));
  const ceiling = mean("ceiling");
  const ratio = own / best;
  const share = own / ceiling;
  const isShort = isShortAndMany(point);
  const isSaturated = connections === saturating;
  const bound = [
    isShort ? "1.5 x the best peer" : "1 x the best peer",
    ...(isSaturated ? ["85 % of the ceiling"] : []),
  ].join(", ");
  const isKept = ratio >= (isShort ? 1.5 : 1) && (!isSaturated || share >= 0.85);
  return {
    cores: machine.cores,
    tokens,
    connections,
    ...Object.fromEntries(names.map((name) => [name, mean(name)])),
    "best peer, x": ratio,
    ceiling,
    "of ceiling, %": share * 100,
    "http only, of ceiling, %": isShort ? (mean(least) / ceiling) * 100 : "",
    ...held(bound, isKept),
  };
}

function isShortAndMany({ tokens, connections }: Point): boolean {
  return tokens === 8 && connections === saturating;
}

async function findBestBatch(places: Places, { server }: Machine, tokens: number): Promise<number> {
  let best = { texts: 0, textsPerSecond: 0 };
  // Alternately, and the best run counts: a slow second must not decide.
  for (let round = 0; round < rounds; round += 1) {
    for (const texts of [1, 4, 8, 16, 32]) {
      const { textsPerSecond } = await bareSession(places, server, { texts, tokens, seconds: 1 });
      if (textsPerSecond > best.textsPerSecond) best = { texts, textsPerSecond };
    }
  }
  return best.texts;
}

/** Its share of the ceiling is the reference for the 85 % bound with short texts. */
const least: ServerName = "http only";
const saturating = 32;

const rounds = 3;

/** Before anything is measured: V8 recompiles code after a few thousand requests. */
const warmUp = { connections: 32, tokens: 8, seconds: 30 };
const warmAgain = { ...warmUp, seconds: 5 };
