import { writeVector } from "../src/embedding-json.ts";
import type { EmbeddingOptions } from "../src/embedding.ts";
import type { Embeddings, Inference } from "../src/inference.ts";
import type { WatchRequest } from "../src/request-watch.ts";

/** Stands for the model: counts each character as a token, answers when `release()` is called (or at once). */
export class FakeInference implements Inference {
  isReady = true;
  failure: Error | undefined;
  readonly calls: (readonly string[])[] = [];
  /** Why the last call was abandoned. */
  over: unknown;
  #held: PromiseWithResolvers<void> | undefined;

  ready(): boolean {
    return this.isReady;
  }

  hold(): void {
    this.#held = Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
  }

  async embed(
    texts: readonly string[],
    { encoding, dimensions }: EmbeddingOptions,
    watch: WatchRequest,
  ): Promise<Embeddings> {
    this.calls.push(texts);
    const over = Promise.withResolvers<never>();
    const unwatch = watch((reason) => {
      this.over = reason;
      over.reject(reason);
    });
    await Promise.race([this.#held?.promise, over.promise]).finally(unwatch);
    if (this.failure !== undefined) throw this.failure;
    const embeddings = texts.map((text) => ({
      json: writeVector(new Float32Array(dimensions).fill(text.length / 10), encoding),
      tokens: Math.min(text.length, maxTokens),
      isTruncated: text.length > maxTokens,
    }));
    return { texts: embeddings, hits: 0, batch: texts.length };
  }

  figures() {
    return { queuedTexts: 0, queuedTokens: 0, cacheBytes: 0, cacheEntries: 0, restarts: 0 };
  }
}

export const maxTokens = 256;
