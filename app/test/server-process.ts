import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { createInterface } from "node:readline";
import { text as readText } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { EmbeddingResponse } from "./embedding-answer.ts";

/** The server as it runs in production: a separate process, on a free port. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Resolves with the first log line that has this message; rejects when the process ends without one. */
  logged(message: string): Promise<Readonly<Record<string, unknown>>>;
  address(path: string): Promise<URL>;
  get(path: string): Promise<Response>;
  embed(body: object): Promise<EmbeddingResponse>;
  exitCode(): Promise<number | null>;
}

export interface Sent {
  readonly answer: Promise<EmbeddingResponse>;
}

export function startServer(env: Record<string, string> = {}): ServerProcess {
  const child = spawn(process.execPath, [serverFile], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let hasEnded = false;
  const ended = once(child, "close").then(() => {
    hasEnded = true;
  });
  const lines: Readonly<Record<string, unknown>>[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(JSON.parse(line) as Record<string, unknown>));

  async function logged(message: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const found = lines.find((line) => String(line["msg"]).startsWith(message));
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`never logged "${message}", but ${JSON.stringify(lines)}`);
      await Promise.race([once(reader, "line"), ended]);
    }
  }
  async function address(path: string): Promise<URL> {
    const line = await logged("Server listening at ");
    return new URL(path, String(line["msg"]).replace("Server listening at ", ""));
  }
  return {
    child,
    lines,
    logged,
    address,
    async get(path) {
      return fetch(await address(path));
    },
    async embed(body) {
      return (await sendEmbeddings(await address("/v1/embeddings"), body)).answer;
    },
    async exitCode() {
      await ended;
      return child.exitCode;
    },
  };
}

/** Resolves when the request has left this process; `answer` is what comes back. */
export async function sendEmbeddings(address: URL, body: object): Promise<Sent> {
  const headers = { "content-type": "application/json" };
  const sent = request(address, { method: "POST", headers, agent: false });
  const answer = once(sent, "response").then(async ([reply]) => {
    const message = reply as IncomingMessage;
    const text = await readText(message);
    if (message.statusCode !== 200) throw new Error(`${message.statusCode} ${text}`);
    return JSON.parse(text) as EmbeddingResponse;
  });
  // It may fail before a test waits for it. A test that waits later still gets the error.
  answer.catch(() => {});
  sent.end(JSON.stringify(body));
  await once(sent, "finish");
  return { answer };
}

const serverFile = fileURLToPath(new URL("../src/server.ts", import.meta.url));
