import { parentPort, workerData } from "node:worker_threads";
import type { WorkerReply, WorkerRequest, WorkerSettings } from "./inference.ts";
import { loadModel } from "./model.ts";

/** The thread that the model runs in: one request at a time, in the order of their coming. */
async function serve(settings: WorkerSettings): Promise<void> {
  const model = await loadModel(settings.modelFolder, settings.threads);
  let last = Promise.resolve();
  parentPort?.on("message", (request: WorkerRequest) => {
    last = last.then(async () => {
      const reply = await answer(request);
      send(reply, reply.kind === "done" ? [reply.vectors.buffer] : []);
    });
  });
  send({ kind: "ready" });

  async function answer({ id, texts }: WorkerRequest): Promise<WorkerReply> {
    const start = performance.now();
    try {
      const { vectors, tokens } = await model.embed(texts);
      return { kind: "done", id, vectors, tokens, milliseconds: performance.now() - start };
    } catch (error) {
      return { kind: "failed", id, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

function send(reply: WorkerReply, moved: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, moved);
}

await serve(workerData as WorkerSettings);
