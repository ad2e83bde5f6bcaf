import { hash } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { createCache } from "./cache.ts";
import type { Limits } from "./config.ts";
import type { Embedding, EmbeddingOptions } from "./embedding.ts";
import type { Waiter } from "./flight.ts";
import { createModelQueue, type ModelRun, type QueueParts } from "./model-queue.ts";
import type { WatchRequest } from "./request-watch.ts";

export interface Embeddings {
  /** In the request's order. */
  readonly texts: readonly Embedding[];
  /** Texts that were in the cache. */
  readonly hits: number;
  /** Texts in the largest of the batches; 0 when nothing ran. */
  readonly batch: number;
}

/** The model's interface for `src/http.ts`. */
export interface Inference {
  ready(): boolean;
  /**
   * Rejects with ApiError: 429 when too many texts wait, 503 when the model's thread ended. Calls `watch` when it has to wait for the
   * model. If the watch reports an end first, rejects with its reason; texts that no other request needs are then not computed.
   */
  embed(
    texts: readonly string[],
    options: EmbeddingOptions,
    watch: WatchRequest,
  ): Promise<Embeddings>;
  /** For the metrics. */
  figures(): InferenceFigures;
}

export interface InferenceFigures {
  readonly queuedTexts: number;
  readonly queuedTokens: number;
  readonly cacheBytes: number;
  readonly cacheEntries: number;
  readonly restarts: number;
}

export interface InferenceParts extends Omit<QueueParts, "batchTokens" | "observe" | "onAnswer"> {
  readonly limits: Pick<Limits, "batchTokens" | "queuedTexts" | "cacheBytes">;
  /** Identifies the model whose answers these are. Nothing is ready until it is known. */
  readonly digest: () => string | undefined;
  readonly observe: InferenceObserver;
}

export interface InferenceObserver {
  batch(run: ModelRun): void;
  cache(hits: number, misses: number): void;
}

/** The cache in front of the queue, and the limit of the queue. */
export function createInference(parts: InferenceParts): Inference {
  const { limits, workers, observe } = parts;
  const cache = createCache<Embedding>(limits.cacheBytes);
  const pace = createPace();
  const queue = createModelQueue({
    ...parts,
    batchTokens: limits.batchTokens,
    observe: (run) => {
      pace.record(run);
      observe.batch(run);
    },
    onAnswer: (key, embedding) => {
      cache.set(key, embedding, embedding.json.length);
    },
  });

  function refuseWhenFull(keys: ReadonlySet<string>): void {
    const news = [...keys].filter((key) => !queue.has(key)).length;
    // A list may be longer than the queue if it is alone.
    if (queue.size === 0 || queue.size + news <= limits.queuedTexts) return;
    throw new ApiError(429, "too_many_requests", "Too many texts are waiting for the model.", {
      retryAfter: pace.seconds(queue.waitingTokens),
    });
  }

  return {
    ready: () => workers.ready && parts.digest() !== undefined,
    async embed(texts, options, watch) {
      const prefix = `${parts.digest()} ${options.encoding} ${options.dimensions} `;
      const wishes = texts.map((text) => ({
        text,
        key: hash("sha256", prefix + text, "base64url"),
      }));
      const found = wishes.map(({ key }) => cache.get(key));
      const missing = wishes.filter((_wish, index) => found[index] === undefined);
      const hits = wishes.length - missing.length;
      observe.cache(hits, missing.length);
      if (missing.length === 0) {
        return { texts: found.filter((one) => one !== undefined), hits, batch: 0 };
      }
      const keys = new Set(missing.map(({ key }) => key));
      refuseWhenFull(keys);
      const all = Promise.withResolvers<void>();
      let left = keys.size;
      const waiter: Waiter = {
        landed: () => {
          left -= 1;
          if (left === 0) all.resolve();
        },
        failed: all.reject,
      };
      const flights = queue.join(missing, options, waiter);
      const unwatch = watch(all.reject);
      try {
        await all.promise;
        const embeddings = wishes.map(
          ({ key }, index) => found[index] ?? flights.get(key)?.embedding,
        );
        return {
          texts: embeddings.filter((one) => one !== undefined),
          hits,
          batch: Math.max(...[...flights.values()].map(({ batch }) => batch)),
        };
      } finally {
        unwatch();
        queue.leave(flights.values(), waiter);
      }
    },
    figures: () => ({
      queuedTexts: queue.waitingTexts,
      queuedTokens: queue.waitingTokens,
      cacheBytes: cache.bytes,
      cacheEntries: cache.size,
      restarts: workers.restarts,
    }),
  };
}

/** The model's recent speed, for `Retry-After`. */
function createPace() {
  let perToken = 0.25;
  return {
    record({ tokens, milliseconds }: ModelRun): void {
      perToken += (milliseconds / tokens - perToken) * 0.1;
    },
    /** Whole seconds for this many tokens, at least 1. */
    seconds: (tokens: number): number =>
      Math.min(60, Math.max(1, Math.ceil((tokens * perToken) / 1000))),
  };
}
