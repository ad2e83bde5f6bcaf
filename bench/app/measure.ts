import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Cores, RunningServer } from "./servers.ts";
import { repository, type Places } from "./setup.ts";

/** Runs a program on these cores, with additional environment variables, and returns its output. */
async function runPinned(
  cores: Cores,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn("taskset", ["-c", cores, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const code = await new Promise((resolve) => {
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${String(code)}:\n${text}`);
  return text.trim();
}

export interface LoadSettings {
  readonly connections: number;
  /** Of each text, [CLS] and [SEP] included. */
  readonly tokens: number;
  /** Rounded up to whole ones. */
  readonly seconds: number;
  /** The same text every time, so that it comes from a cache. */
  readonly repeat?: boolean;
  /** Requests a second in total; without it, as many as possible. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The last line that load.lua prints. */
interface Told extends Omit<LoadResult, "perSecond"> {
  readonly failures: number;
  readonly seconds: number;
}

/**
 * Sends requests with wrk, then waits until the server is idle: wrk drops its last requests, but some servers still compute them.
 * Throws when a request failed.
 */
export async function putLoad(
  places: Places,
  server: Pick<RunningServer, "address" | "name" | "settled">,
  cores: Cores,
  { connections, tokens, seconds, repeat = false, rate = 0 }: LoadSettings,
): Promise<LoadResult> {
  const output = await runPinned(cores, [
    ...["wrk", "--threads", "1", "--connections", String(connections)],
    ...["--duration", `${Math.ceil(seconds)}s`, "--timeout", "60s"],
    ...["--script", join(repository, "bench", "app", "load.lua")],
    ...[`${server.address}/v1/embeddings`, "--"],
    ...[places.words, String(tokens), String((nextSeed += 7919))],
    ...[repeat ? "repeat" : "new", String(rate)],
  ]);
  const told = JSON.parse(output.slice(output.lastIndexOf("\n"))) as Told;
  if (told.failures > 0) throw new Error(`${server.name}: ${told.failures} requests failed`);
  await server.settled();
  return { ...told, perSecond: told.answers / told.seconds };
}

export interface BareSession {
  readonly textsPerSecond: number;
  /** Milliseconds of one run. */
  readonly median: number;
}

/** The model alone, in batches of `texts`, with the image's settings for the C library. */
export async function bareSession(
  { modelFolder, launch }: Pick<Places, "modelFolder" | "launch">,
  cores: Cores,
  batch: { readonly texts: number; readonly tokens: number; readonly seconds: number },
): Promise<BareSession> {
  const threads = cores.split(",").length;
  const numbers = [threads, batch.texts, batch.tokens, batch.seconds].map(String);
  const model = join(modelFolder, "model.onnx");
  const file = join(repository, "bench", "app", "ceiling.ts");
  const command = [process.execPath, file, model, ...numbers];
  const output = await runPinned(cores, command, launch.env);
  return JSON.parse(output) as BareSession;
}

let nextSeed = 1;
