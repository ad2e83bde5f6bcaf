import { InferenceSession, Tensor } from "../../app/node_modules/onnxruntime-node/dist/index.js";
import { summarise } from "../table.ts";

/**
 * The speed of the model without a server: the same file in a bare loop, always with batches of the same size.
 * Usage: ceiling.ts MODEL THREADS TEXTS TOKENS SECONDS. Prints {"textsPerSecond", "median"}, the median of one run in milliseconds.
 */
process.env["ORT_DISABLE_TELEMETRY"] = "1";
const [model = "", threads, texts, tokens, seconds] = process.argv.slice(2);
const shape = [Number(texts), Number(tokens)];
const size = Number(texts) * Number(tokens);
const session = await InferenceSession.create(model, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  extra: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" } },
});
const feeds = {
  input_ids: new Tensor("int64", new BigInt64Array(size).fill(2000n), shape),
  attention_mask: new Tensor("int64", new BigInt64Array(size).fill(1n), shape),
};
for (let run = 0; run < 3; run += 1) await session.run(feeds);
const times: number[] = [];
const started = performance.now();
while (performance.now() - started < Number(seconds) * 1000) {
  const from = performance.now();
  await session.run(feeds);
  times.push(performance.now() - from);
}
const spent = (performance.now() - started) / 1000;
const { median } = summarise(times);
process.stdout.write(
  `${JSON.stringify({ textsPerSecond: (times.length * Number(texts)) / spent, median })}\n`,
);
