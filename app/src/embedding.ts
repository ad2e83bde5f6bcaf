import type { Encoding } from "./embedding-json.ts";

/** One text's answer, as it goes out. */
export interface Embedding {
  /** The vector, written; bytes of its own, which the cache keeps as they are. */
  readonly json: Buffer;
  /** Tokens read, the special ones included, after truncation. */
  readonly tokens: number;
  readonly isTruncated: boolean;
}

export interface EmbeddingOptions {
  readonly encoding: Encoding;
  readonly dimensions: number;
}
