import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { type Batch, cutBatches } from "./batches.ts";
import { dimensions } from "./model-name.ts";
import { poolMean } from "./pooling.ts";
import { loadTokeniser } from "./tokeniser.ts";

/** One vector after the other, and how many tokens were read for them all. */
export interface ModelAnswer {
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly tokens: number;
}

export interface Model {
  embed(texts: readonly string[]): Promise<ModelAnswer>;
}

/** Loads the model and runs it once. Running blocks the calling thread: keep it out of the one that serves HTTP. */
export async function loadModel(folder: string, threads: number): Promise<Model> {
  const tokenise = loadTokeniser(folder);
  const session = await InferenceSession.create(join(folder, "model.onnx"), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Threads that wait for work sleep. Spinning, the default, nearly doubles the processor time of a short text
    // (7.5 ms to 14 ms with two threads) and takes it from the thread that answers HTTP.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  const model: Model = {
    async embed(texts) {
      const ids = texts.map(tokenise);
      const lengths = ids.map((list) => list.length);
      const vectors = new Float32Array(texts.length * dimensions);
      for (const batch of cutBatches(lengths, maxBatchTokens)) {
        await runBatch(session, ids, batch, vectors);
      }
      return { vectors, tokens: lengths.reduce((sum, length) => sum + length, 0) };
    },
  };
  // The first run makes buffers and is several times slower than the next: no user should be the one to wait.
  await model.embed(["warm-up", "word ".repeat(64)]);
  return model;
}

async function runBatch(
  session: InferenceSession,
  ids: readonly (readonly number[])[],
  { first, count, longest }: Batch,
  into: Float32Array,
): Promise<void> {
  const tokens = new BigInt64Array(count * longest);
  const mask = new BigInt64Array(count * longest);
  const texts = ids.slice(first, first + count);
  for (const [row, list] of texts.entries()) {
    for (const [column, id] of list.entries()) tokens[row * longest + column] = BigInt(id);
    mask.fill(1n, row * longest, row * longest + list.length);
  }
  const shape = [count, longest];
  const { last_hidden_state: output } = await session.run({
    input_ids: new Tensor("int64", tokens, shape),
    attention_mask: new Tensor("int64", mask, shape),
  });
  const hidden = output?.data;
  if (!(hidden instanceof Float32Array))
    throw new Error("the model gave no last_hidden_state of 32-bit numbers");
  const size = longest * dimensions;
  for (const [row, list] of texts.entries()) {
    const target = (first + row) * dimensions;
    const vector = into.subarray(target, target + dimensions);
    poolMean(hidden.subarray(row * size, (row + 1) * size), list.length, dimensions, vector);
  }
}

// Bounds the memory of one run: the attention of 8 texts of 256 tokens takes 25 MB.
const maxBatchTokens = 2048;
