import { parentPort, workerData } from "node:worker_threads";
import { loadModel, type ModelSettings } from "./model.ts";
import type { WorkerReply, WorkerRequest } from "./workers.ts";

/** A thread that runs the model, one batch at a time. The next batch comes after its answer. */
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

/** Answers and batches are copied: transferring their buffers is not faster. */
function send(reply: WorkerReply): void {
  parentPort?.postMessage(reply);
}

await serve(workerData as ModelSettings);
