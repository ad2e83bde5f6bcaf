import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { type Pooling, pool } from "./pooling.ts";

export interface ModelSettings {
  readonly folder: string;
  readonly threads: number;
  readonly dimensions: number;
  readonly pooling: Pooling;
}

/** Texts that run through the model together: their token ids in a row, and how many each text has. */
export interface TokenBatch {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly lengths: Int32Array<ArrayBuffer>;
}

export interface Model {
  /** The vectors, of length 1, in the texts' order. Throws ONNX Runtime's error. */
  embed(batch: TokenBatch): Promise<Float32Array<ArrayBuffer>>;
}

/** Loads the model and runs it once. A run blocks the calling thread, so do not call this in the thread that serves HTTP. */
export async function loadModel(settings: ModelSettings): Promise<Model> {
  const { folder, threads } = settings;
  const session = await InferenceSession.create(join(folder, "model.onnx"), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Within a run, waiting threads spin, which makes it up to a fifth faster. Between runs they sleep and leave the processor to
    // the HTTP thread. By default ONNX Runtime keeps spinning.
    extra: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" } },
  });
  const output = chooseOutput(session.outputNames);
  const model: Model = {
    async embed(batch) {
      const outputs = await session.run(inputsOf(session.inputNames, batch), [output]);
      return toVectors(outputs[output], batch, settings);
    },
  };
  // The first run allocates buffers and is several times slower than the next, so no user should wait for it.
  await model.embed({ ids: new Int32Array(80).fill(1), lengths: Int32Array.of(16, 64) });
  return model;
}

/** The common exporters' output names for the vectors of the tokens, or of the whole text. */
function chooseOutput(names: readonly string[]): string {
  const known = ["last_hidden_state", "token_embeddings", "sentence_embedding"];
  const name = known.find((one) => names.includes(one)) ?? names[0];
  if (name === undefined) throw new Error("the model has no output");
  return name;
}

function inputsOf(names: readonly string[], { ids, lengths }: TokenBatch): Record<string, Tensor> {
  const longest = Math.max(...lengths);
  const size = lengths.length * longest;
  // 64-bit numbers, of which only the lower halves are written: a BigInt for each token would take longer than the copy.
  const tokens = new Int32Array(2 * size);
  const mask = new Int32Array(2 * size);
  let from = 0;
  for (const [row, length] of lengths.entries()) {
    for (let column = 0; column < length; column += 1) {
      const at = 2 * (row * longest + column);
      tokens[at] = ids[from + column] ?? 0;
      mask[at] = 1;
    }
    from += length;
  }
  const shape = [lengths.length, longest];
  const tensor = (halves: Int32Array<ArrayBuffer>): Tensor =>
    new Tensor("int64", new BigInt64Array(halves.buffer), shape);
  const known: Record<string, () => Tensor> = {
    input_ids: () => tensor(tokens),
    attention_mask: () => tensor(mask),
    // All of a text is its first sentence.
    token_type_ids: () => tensor(new Int32Array(2 * size)),
  };
  return Object.fromEntries(
    names.map((name) => {
      const make = known[name];
      if (make === undefined) throw new Error(`the model needs an unknown input "${name}"`);
      return [name, make()];
    }),
  );
}

function toVectors(
  output: Tensor | undefined,
  { lengths }: TokenBatch,
  { dimensions, pooling }: ModelSettings,
): Float32Array<ArrayBuffer> {
  const values = output?.data;
  const shape = output?.dims ?? [];
  if (!(values instanceof Float32Array) || shape.at(-1) !== dimensions) {
    throw new Error(
      `the model answered ${output?.type} [${shape.join(", ")}]; wanted are 32-bit numbers, ${dimensions} for each text or token`,
    );
  }
  const vectors = new Float32Array(lengths.length * dimensions);
  // A model that pools itself returns a row for each text.
  const rows = shape.length === 2 ? 1 : (shape[1] ?? 0);
  const size = rows * dimensions;
  for (const [index, length] of lengths.entries()) {
    const vector = vectors.subarray(index * dimensions, (index + 1) * dimensions);
    const own = values.subarray(index * size, (index + 1) * size);
    pool(own, pooling === "cls" ? 1 : Math.min(length, rows), vector);
  }
  return vectors;
}
