/** The answer of /v1/embeddings as a caller reads it. */
export interface EmbeddingResponse {
  readonly object: "list";
  readonly data: readonly {
    readonly object: "embedding";
    readonly index: number;
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
  /** Texts that were cut. */
  readonly truncated?: readonly number[];
}
