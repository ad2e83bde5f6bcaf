import type { Encoding } from "./embedding-json.ts";

/** One text's answer, as it is sent. */
export interface Embedding {
  /** The vector as JSON, in its own bytes, which the cache keeps as is. */
  readonly json: Buffer;
  /** Tokens read, the special ones included, after truncation. */
  readonly tokens: number;
  readonly isTruncated: boolean;
}

export interface EmbeddingOptions {
  readonly encoding: Encoding;
  readonly dimensions: number;
}
