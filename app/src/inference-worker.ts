import { parentPort, workerData } from "node:worker_threads";
import { loadModel, type ModelSettings } from "./model.ts";
import type { WorkerReply, WorkerRequest } from "./workers.ts";

/** A thread that the model runs in: one batch at a time, and the next one comes when it has answered. */
async function serve(settings: ModelSettings): Promise<void> {
  const model = await loadModel(settings);
  parentPort?.on("message", (batch: WorkerRequest) => {
    void answer(batch).then(send);
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

/** Answers are copied, as batches are: handing their buffers over is no faster. */
function send(reply: WorkerReply): void {
  parentPort?.postMessage(reply);
}

await serve(workerData as ModelSettings);
