import type { Waiting } from "./batcher.ts";
import type { Embedding, EmbeddingOptions } from "./embedding.ts";
import type { TokenBatch } from "./model.ts";
import type { Tokens } from "./tokeniser.ts";

/** A text that is wanted, and the key by which others who want the same are known. */
export interface Wish {
  readonly key: string;
  readonly text: string;
}

/** A text on its way through the model, and those who wait for it. */
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
  /** The requests that still want it. */
  readonly waiters: Set<Waiter>;
}

/** A request that wants texts: told of each. Not a promise for each text, of which every request would need several. */
export interface Waiter {
  /** Its flight has its embedding. */
  landed(): void;
  failed(error: unknown): void;
}

/** What one run of the model gets. */
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
