import { parentPort } from "node:worker_threads";

// The real program of an inference thread, which ends in the middle of its tenth batch.
let batches = 0;
parentPort?.on("message", () => {
  batches += 1;
  if (batches === 10) process.exit(1);
});
await import("../../src/inference-worker.ts");
