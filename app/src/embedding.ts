import type { Encoding } from "./embedding-json.ts";

/** One text's answer, as it goes out. */
export interface Embedding {
  readonly json: Buffer;
  /** Tokens read, the special ones included, after truncation. */
  readonly tokens: number;
  readonly isTruncated: boolean;
}

export interface EmbeddingOptions {
  readonly encoding: Encoding;
  readonly dimensions: number;
}
