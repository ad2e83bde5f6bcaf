import { Agent, request } from "node:http";
import { quantile } from "../table.ts";
import { createTexts } from "./texts.ts";

/**
 * A closed loop: so many connections, each of which sends its next request when it has the answer to the last.
 * Usage: load.ts '{"url", "connections", "tokens", "seconds", "modelFolder", "seed", "repeat"}'. Prints LoadResult.
 */
export interface LoadRequest {
  readonly url: string;
  readonly connections: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly modelFolder: string;
  readonly seed: number;
  /** The same text every time, so that it comes from a cache. */
  readonly repeat?: boolean;
  /** Requests a second in all; absent: as many as come back. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly answers: number;
  readonly failures: number;
}

const asked = JSON.parse(process.argv[2] ?? "") as LoadRequest;
const texts = createTexts(asked.modelFolder, asked.seed);
const fixed = texts.next(asked.tokens);
const agent = new Agent({ keepAlive: true, maxSockets: asked.connections });
const times: number[] = [];
let failures = 0;

const started = performance.now();
const warm = started + Math.min(1000, asked.seconds * 200);
const end = warm + asked.seconds * 1000;
let due = started;
await Promise.all(Array.from({ length: asked.connections }, loop));
agent.destroy();
const result: LoadResult = {
  perSecond: times.length / asked.seconds,
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
  answers: times.length,
  failures,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function loop(): Promise<void> {
  for (;;) {
    if (asked.rate !== undefined) {
      const turn = (due += 1000 / asked.rate);
      const wait = turn - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    if (performance.now() >= end) return;
    const body = JSON.stringify({
      input: asked.repeat === true ? fixed : texts.next(asked.tokens),
    });
    const from = performance.now();
    const isGood = await send(body);
    const to = performance.now();
    if (!isGood) failures += 1;
    // Answers count by when they come: where they take longer than the measurement, none would lie in it whole.
    if (to >= warm && to <= end) times.push(to - from);
  }
}

async function send(body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(
      asked.url,
      {
        method: "POST",
        agent,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode === 200);
        });
      },
    );
    sent.on("error", () => {
      resolve(false);
    });
    sent.end(body);
  });
}
