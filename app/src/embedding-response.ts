import type { EmbeddingRequest } from "./embedding-request.ts";
import type { Embeddings } from "./inference.ts";
import { modelName } from "./model-name.ts";

export interface EmbeddingResponse {
  readonly object: "list";
  readonly data: readonly {
    readonly object: "embedding";
    readonly index: number;
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

export function formatResponse(
  { vectors, tokens }: Embeddings,
  encoding: EmbeddingRequest["encoding"],
): EmbeddingResponse {
  const format = encoding === "base64" ? formatBase64 : formatNumbers;
  return {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: format(vector),
    })),
    model: modelName,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Nine digits tell every 32-bit number apart; the other eight that a 64-bit number prints say nothing. */
function formatNumbers(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Number(value.toPrecision(9)));
}

/** OpenAI's form is the numbers' bytes, little-endian, as all machines that Node runs on have them. */
function formatBase64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
}
