import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ticksOf } from "../processor-time.ts";
import { repository, type Places } from "./setup.ts";

export type ServerName =
  | "infer-deploy"
  | "fastapi-batch"
  | "fastapi-loop"
  | "transformers.js"
  | "echo"
  | "bare"
  | "http only";

export interface RunningServer {
  readonly name: ServerName;
  /** http://127.0.0.1:PORT */
  readonly address: string;
  /** From the process's start to its first 200 at /readyz. */
  readonly readyMilliseconds: number;
  /** Resident megabytes, now and at most so far. */
  readonly memory: () => { readonly now: number; readonly most: number };
  /** Resolves when it is idle. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The processors that a process may use, in taskset's format. */
export type Cores = "0" | "1" | "0,1";

/** Starts a server on these cores, with one model thread for each core. */
export async function startServer(
  places: Places,
  name: ServerName,
  cores: Cores,
): Promise<RunningServer> {
  const port = (nextPort += 1);
  const threads = String(cores.split(",").length);
  const started = performance.now();
  const child = spawn("taskset", ["-c", cores, ...commandOf(places, name, port, threads)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      ...(asTheImage.has(name) ? places.launch.env : {}),
      ...{ MODEL_DIR: places.modelFolder, PORT: String(port), HOST: host },
    },
  });
  const address = `http://${host}:${port}`;
  await untilReady(child, `${address}/readyz`);
  return {
    name,
    address,
    readyMilliseconds: performance.now() - started,
    memory: () => residentOf(child.pid ?? 0),
    settled: async () => untilIdle(child.pid ?? 0),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function commandOf(
  places: Places,
  name: ServerName,
  port: number,
  threads: string,
): readonly string[] {
  const python = (mode: string): readonly string[] => [
    ...[places.python, join(repository, "bench", "app", "peers", "server.py")],
    ...[places.modelFolder, String(port), threads, mode],
  ];
  switch (name) {
    case "infer-deploy":
      return [
        process.execPath,
        ...places.launch.flags,
        join(repository, "app", "src", "server.ts"),
      ];
    case "http only":
      return [
        process.execPath,
        ...places.launch.flags,
        join(repository, "bench", "app", "peers", "http-only.ts"),
      ];
    case "fastapi-batch":
      return python("batch");
    case "fastapi-loop":
      return python("loop");
    case "transformers.js":
      return [
        ...[process.execPath, places.transformers, places.transformersModels, "model"],
        ...[String(port), threads],
      ];
    case "bare":
      return [
        ...[process.execPath, join(repository, "bench", "app", "peers", "bare.js")],
        ...[join(places.modelFolder, "model.onnx"), String(port)],
        join(repository, "app", "node_modules", "onnxruntime-node"),
      ];
    case "echo":
      return [process.execPath, places.echo, String(port)];
  }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 12_000; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
    const isReady = await fetch(url).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
    if (isReady) return;
    await sleep(5);
  }
  throw new Error(`${url} was never ready`);
}

/** A process that does almost nothing for a tenth of a second is idle. */
async function untilIdle(pid: number): Promise<void> {
  for (let before = await ticksOf(pid); ;) {
    await sleep(100);
    const now = await ticksOf(pid);
    if (now - before <= 1) return;
    before = now;
  }
}

function residentOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (key: string): number =>
    Number(new RegExp(String.raw`${key}:\s+(\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: megabytes("VmRSS"), most: megabytes("VmHWM") };
}

/** The servers that get the sample app's settings for the C library. */
const asTheImage: ReadonlySet<ServerName> = new Set(["infer-deploy", "bare", "http only"]);

const host = "127.0.0.1";
let nextPort = 23_400;
