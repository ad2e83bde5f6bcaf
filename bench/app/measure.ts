import { spawn } from "node:child_process";
import { join } from "node:path";
import type { LoadRequest, LoadResult } from "./load.ts";
import type { Cores, RunningServer } from "./servers.ts";
import { repository, type Places } from "./setup.ts";

/** Runs a program of this folder on these cores and reads the JSON that it prints. */
async function runPinned(cores: Cores, program: string, args: readonly string[]): Promise<unknown> {
  const file = join(repository, "bench", "app", program);
  const child = spawn("taskset", ["-c", cores, process.execPath, file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const code = await new Promise((resolve) => {
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return JSON.parse(text);
}

export type LoadSettings = Omit<LoadRequest, "url" | "modelFolder" | "seed">;

/** Requests from a process of its own. Throws when one of them failed. */
export async function putLoad(
  places: Places,
  server: Pick<RunningServer, "address" | "name">,
  cores: Cores,
  settings: LoadSettings,
): Promise<LoadResult> {
  const request: LoadRequest = {
    ...settings,
    url: `${server.address}/v1/embeddings`,
    modelFolder: places.modelFolder,
    seed: (nextSeed += 7919),
  };
  const result = (await runPinned(cores, "load.ts", [JSON.stringify(request)])) as LoadResult;
  if (result.failures > 0) throw new Error(`${server.name}: ${result.failures} requests failed`);
  return result;
}

export interface BareSession {
  readonly textsPerSecond: number;
  /** Milliseconds of one run. */
  readonly median: number;
}

/** The model alone, in batches of so many texts. */
export async function bareSession(
  { modelFolder }: Pick<Places, "modelFolder">,
  cores: Cores,
  batch: { readonly texts: number; readonly tokens: number; readonly seconds: number },
): Promise<BareSession> {
  const threads = cores.split(",").length;
  const numbers = [threads, batch.texts, batch.tokens, batch.seconds].map(String);
  const model = join(modelFolder, "model.onnx");
  return (await runPinned(cores, "ceiling.ts", [model, ...numbers])) as BareSession;
}

let nextSeed = 1;
