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

/** Texts a second by every server, in turns, from one connection to 64 and from short texts to long ones. */
export async function sweep(places: Places, settings: Settings): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  const asked = settings.sweep;
  for (const machine of machines.filter(({ cores }) => asked.cores.includes(cores))) {
    const servers: RunningServer[] = [];
    for (const name of names) {
      const server = await startServer(places, name, machine.server);
      await putLoad(places, server, machine.load, warmUp);
      servers.push(server);
    }
    for (const tokens of asked.tokens) {
      const bestBatch = await findBestBatch(places, machine, tokens);
      for (const connections of asked.connections) {
        const row = await measure(places, settings, {
          machine,
          servers,
          tokens,
          connections,
          bestBatch,
        });
        process.stderr.write(`${JSON.stringify(row)}\n`);
        rows.push(row);
      }
    }
    for (const server of servers) await server.stop();
  }
  return rows;
}

interface Point {
  readonly machine: Machine;
  readonly servers: readonly RunningServer[];
  readonly tokens: number;
  readonly connections: number;
  /** Texts in a batch of the bare session, with which it does most of them. */
  readonly bestBatch: number;
}

async function measure(
  places: Places,
  { seconds }: Settings,
  { machine, servers, tokens, connections, bestBatch }: Point,
): Promise<BoundRow> {
  const found = new Map<ServerName, number>();
  let ceiling = 0;
  // In turns, so that a machine that gets slower does so for all of them.
  for (let round = 0; round < rounds; round += 1) {
    const batch = { texts: bestBatch, tokens, seconds: seconds / rounds };
    const { textsPerSecond } = await bareSession(places, machine.server, batch);
    ceiling += textsPerSecond / rounds;
    // Long enough for each connection to be answered a few times.
    const enough = (3 * connections) / textsPerSecond;
    for (const server of servers) {
      const load = { connections, tokens, seconds: Math.max(seconds / rounds, enough) };
      const { perSecond } = await putLoad(places, server, machine.load, load);
      found.set(server.name, (found.get(server.name) ?? 0) + perSecond / rounds);
    }
  }
  const own = found.get("infer-deploy") ?? 0;
  const peers = [...found].filter(([name]) => name !== "infer-deploy");
  const best = Math.max(...peers.map(([, perSecond]) => perSecond));
  const ratio = own / best;
  const share = own / ceiling;
  const isShort = connections === 32 && tokens === 8;
  const isSaturated = connections === 32;
  const bound = [
    isShort ? "1.5 x the best peer" : "1 x the best peer",
    ...(isSaturated ? ["85 % of the ceiling"] : []),
  ].join(", ");
  const isKept = ratio >= (isShort ? 1.5 : 1) && (!isSaturated || share >= 0.85);
  return {
    cores: machine.cores,
    tokens,
    connections,
    ...Object.fromEntries(found),
    "best peer, x": ratio,
    ceiling,
    "of ceiling, %": share * 100,
    ...held(bound, isKept),
  };
}

async function findBestBatch(places: Places, { server }: Machine, tokens: number): Promise<number> {
  let best = { texts: 0, textsPerSecond: 0 };
  // In turns, and the best run counts: what slows a machine for a second must not make the choice.
  for (let round = 0; round < rounds; round += 1) {
    for (const texts of [1, 4, 8, 16, 32]) {
      const { textsPerSecond } = await bareSession(places, server, { texts, tokens, seconds: 1 });
      if (textsPerSecond > best.textsPerSecond) best = { texts, textsPerSecond };
    }
  }
  return best.texts;
}

const rounds = 3;

/** Before anything is measured: V8 compiles what has run for some thousand requests once more. */
const warmUp = { connections: 32, tokens: 8, seconds: 30 };
