import { parentPort, workerData } from "node:worker_threads";
import { loadModel, type ModelSettings } from "./model.ts";
import type { WorkerReply, WorkerRequest } from "./workers.ts";

/** A thread that the model runs in: one batch at a time, in the order of their coming. */
async function serve(settings: ModelSettings): Promise<void> {
  const model = await loadModel(settings);
  let last = Promise.resolve();
  parentPort?.on("message", (request: WorkerRequest) => {
    last = last.then(async () => {
      const reply = await answer(request);
      send(reply, reply.kind === "done" ? [reply.vectors.buffer] : []);
    });
  });
  send({ kind: "ready" });

  async function answer(batch: WorkerRequest): Promise<WorkerReply> {
    const start = performance.now();
    try {
      const vectors = await model.embed(batch);
      return { kind: "done", vectors, milliseconds: performance.now() - start };
    } catch (error) {
      return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

function send(reply: WorkerReply, moved: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, moved);
}

await serve(workerData as ModelSettings);
