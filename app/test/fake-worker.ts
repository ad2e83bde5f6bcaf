import { parentPort, workerData } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "../src/workers.ts";

/**
 * Stands for the program of an inference thread: answers a batch with its first tokens, fails at token 2, throws at token 3, and takes all
 * the memory that it gets at token 4. With threads: 0 it ends before it is ready.
 */
const { threads } = workerData as { readonly threads: number };
if (threads === 0) throw new Error("no model here");
parentPort?.on("message", ({ ids, lengths }: WorkerRequest) => {
  const [first] = ids;
  if (first === 3) throw new Error("the thread broke");
  if (first === 4) {
    // In small pieces: a large one may take the whole process along.
    let held = {};
    for (;;) held = { held };
  }
  send(
    first === 2
      ? { kind: "failed", reason: "a bad batch" }
      : { kind: "done", vectors: Float32Array.from(lengths), milliseconds: 1 },
  );
});
send({ kind: "ready" });

function send(reply: WorkerReply): void {
  parentPort?.postMessage(reply);
}
