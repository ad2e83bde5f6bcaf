import { setTimeout as sleep } from "node:timers/promises";
import { held, type BoundRow } from "../groups.ts";
import { quantile, type Row } from "../table.ts";
import { bareSession, putLoad } from "./measure.ts";
import { startServer, type RunningServer } from "./servers.ts";
import type { Places } from "./setup.ts";
import { apart, type Settings } from "./world.ts";

/** Single requests: alone, from the cache, together with identical ones, and to an overloaded server. */
export async function requests(places: Places, settings: Settings): Promise<readonly BoundRow[]> {
  const server = await startServer(places, "infer-deploy", apart.server);
  try {
    return [
      // First, because it sends thousands of requests and so warms the server up for the others.
      await fromCache(places, settings, server),
      ...(await lone(places, settings, server)),
      await identical(server),
      await health(places, settings, server),
    ];
  } finally {
    await server.stop();
  }
}

/** Measured alternately, so that a machine that slows down affects all of them. */
async function lone(
  places: Places,
  { seconds }: Settings,
  server: RunningServer,
): Promise<readonly BoundRow[]> {
  const bare = await startServer(places, "bare", apart.server);
  const tokens = 16;
  const load = { connections: 1, tokens, seconds: seconds / rounds };
  const found = { session: 0, bare: 0, own: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const alone = await bareSession(places, apart.server, { texts: 1, ...load });
    found.session += alone.median / rounds;
    found.bare += (await putLoad(places, bare, apart.load, load)).p50 / rounds;
    found.own += (await putLoad(places, server, apart.load, load)).p50 / rounds;
  }
  await bare.stop();
  const figure = "a lone request of 16 tokens, p50 over HTTP, ms";
  return [
    {
      ...compare({
        figure,
        own: found.own,
        what: "the bare session, without pause",
        other: found.session,
      }),
      ...held("the bare session + 1 ms", found.own <= found.session + 1),
    },
    {
      ...compare({
        figure,
        own: found.own,
        what: "the session in a bare node:http",
        other: found.bare,
      }),
      ...held("that + 1 ms", found.own <= found.bare + 1),
    },
  ];
}

async function fromCache(
  places: Places,
  { seconds }: Settings,
  server: RunningServer,
): Promise<BoundRow> {
  const echo = await startServer(places, "echo", apart.server);
  const load = { connections: 1, tokens: 16, seconds, repeat: true };
  const bare = await putLoad(places, echo, apart.load, load);
  const own = await putLoad(places, server, apart.load, load);
  await echo.stop();
  return {
    ...compare({
      figure: "a text from the cache, p50 over HTTP, ms",
      own: own.p50,
      what: "a bare fastify that answers as many bytes",
      other: bare.p50,
    }),
    ...held("1.3 x", own.p50 <= 1.3 * bare.p50),
  };
}

async function identical({ address }: RunningServer): Promise<BoundRow> {
  const before = await textsEmbedded(address);
  await Promise.all(
    Array.from({ length: identicalCount }, async () => {
      const body = JSON.stringify({ input: "the very same text, from every connection" });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${address}/v1/embeddings`, { method: "POST", headers, body });
      await answer.arrayBuffer();
    }),
  );
  const runs = (await textsEmbedded(address)) - before;
  return {
    ...compare({
      figure: `texts that ran for ${identicalCount} identical requests at once`,
      own: runs,
      what: "requests",
      other: identicalCount,
    }),
    ...held("exactly 1", runs === 1),
  };
}

async function health(
  places: Places,
  { seconds }: Settings,
  server: RunningServer,
): Promise<BoundRow> {
  const load = putLoad(places, server, apart.load, {
    ...{ connections: 64, tokens: 128 },
    seconds: healthTimes * seconds + beginning,
  });
  await sleep(beginning * 1000);
  const times: number[] = [];
  const end = performance.now() + healthTimes * seconds * 1000;
  while (performance.now() < end) {
    const from = performance.now();
    const answer = await fetch(`${server.address}/healthz`);
    await answer.arrayBuffer();
    times.push(performance.now() - from);
    await sleep(20);
  }
  const { p50 } = await load;
  const p99 = quantile(times, 0.99);
  return {
    ...compare({
      figure: "/healthz while 64 connections ask for 128 tokens each, p99, ms",
      own: p99,
      what: "the p50 of those requests",
      other: p50,
    }),
    ...held("20 ms", p99 <= 20),
  };
}

interface Comparison {
  readonly figure: string;
  readonly own: number;
  /** What it is compared with in the same run, and that number. */
  readonly what: string;
  readonly other: number;
}

function compare({ figure, own, what, other }: Comparison): Row {
  return { figure, own, "compared with": other, what, ratio: own / other };
}

async function textsEmbedded(address: string): Promise<number> {
  const metrics = await (await fetch(`${address}/metrics`)).text();
  return Number(/^inference_texts_total (\d+)$/m.exec(metrics)?.[1]);
}

/** Seconds in which every connection has sent its first request. */
const beginning = 1.5;
/** Longer than other measurements by this factor: with their 180 answers, the two slowest would decide the 99th percentile. */
const healthTimes = 5;
const identicalCount = 64;
const rounds = 4;
