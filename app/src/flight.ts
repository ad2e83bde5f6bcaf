import type { Waiting } from "./batcher.ts";
import type { Embedding, EmbeddingOptions } from "./embedding.ts";
import type { TokenBatch } from "./model.ts";
import type { Tokens } from "./tokeniser.ts";

/** A requested text, and the key that identical texts share. */
export interface Wish {
  readonly key: string;
  readonly text: string;
}

/** A text on its way through the model, and the requests that wait for it. */
export interface Flight extends Waiting {
  readonly key: string;
  readonly text: string;
  readonly options: EmbeddingOptions;
  tokens: Tokens | undefined;
  length: number;
  due: number;
  state: "new" | "queued" | "running" | "over";
  attempts: number;
  batch: number;
  embedding: Embedding | undefined;
  /** The requests that still need it. */
  readonly waiters: Set<Waiter>;
}

/** A request that waits for texts. It gets a call for each text, which is cheaper than a promise for each. */
export interface Waiter {
  /** A flight has its embedding. */
  landed(): void;
  failed(error: unknown): void;
}

/** The input of one run of the model. */
export function packTokens(batch: readonly Flight[]): TokenBatch {
  const lengths = Int32Array.from(batch, ({ length }) => length);
  const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const { tokens, length } of batch) {
    ids.set(tokens?.ids ?? [], at);
    at += length;
  }
  return { ids, lengths };
}
