import { held, type BoundRow } from "../groups.ts";
import { summarise } from "../table.ts";
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
  for (const machine of machines) {
    const servers: RunningServer[] = [];
    for (const name of names) {
      servers.push(await startServer(places, name, machine.server));
    }
    for (const tokens of lengths) {
      const ceiling = await bestCeiling(places, machine, tokens, settings);
      for (const connections of concurrencies) {
        const row = await measure(places, settings, {
          machine,
          servers,
          tokens,
          connections,
          ceiling,
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
  /** Texts a second. */
  readonly ceiling: number;
}

async function measure(
  places: Places,
  { seconds }: Settings,
  { machine, servers, tokens, connections, ceiling }: Point,
): Promise<BoundRow> {
  const found = new Map<ServerName, number>();
  for (const server of servers) {
    const load = { connections, tokens, seconds };
    found.set(server.name, (await putLoad(places, server, machine.load, load)).perSecond);
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
    machine: machine.name,
    tokens,
    connections,
    ...Object.fromEntries(found),
    "best peer, x": ratio,
    ceiling,
    "of ceiling, %": share * 100,
    ...held(bound, isKept),
  };
}

/** What the bare session does with the batch size that suits it best. */
async function bestCeiling(
  places: Places,
  { server }: Machine,
  tokens: number,
  { seconds }: Settings,
): Promise<number> {
  const found: number[] = [];
  for (const texts of [1, 4, 8, 16, 32]) {
    const { textsPerSecond } = await bareSession(places, server, { texts, tokens, seconds });
    found.push(textsPerSecond);
  }
  return summarise(found).max;
}

const lengths = [8, 32, 128];
const concurrencies = [1, 2, 4, 8, 16, 32, 64];
