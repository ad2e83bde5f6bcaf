import { hash } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { createCache } from "./cache.ts";
import type { Limits } from "./config.ts";
import type { Embedding, EmbeddingOptions } from "./embedding.ts";
import type { Waiter } from "./flight.ts";
import { createModelQueue, type ModelRun, type QueueParts } from "./model-queue.ts";
import type { WatchRequest } from "./request-watch.ts";

export interface Embeddings {
  /** In the order in which they were asked for. */
  readonly texts: readonly Embedding[];
  /** Texts that were in the cache. */
  readonly hits: number;
  /** Texts that ran in the largest of the batches; 0 when nothing ran. */
  readonly batch: number;
}

/** The model behind a narrow door: `src/http.ts` needs no more than this. */
export interface Inference {
  ready(): boolean;
  /**
   * Rejects with ApiError: 429 when too many texts wait, 503 when the model's thread ended. `watch` is called when there is something to
   * wait for; with what it is told it rejects, when that comes first: what nobody else waits for is then not computed.
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
  /** Whatever tells this model's answers from another's; until it is known, nothing is ready. */
  readonly digest: () => string | undefined;
  readonly observe: InferenceObserver;
}

export interface InferenceObserver {
  batch(run: ModelRun): void;
  cache(hits: number, misses: number): void;
}

/** The cache before the queue, and what may not even join it. */
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
    // Alone, a list may be as long as the whole queue.
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

/** How fast the model has been lately, for `Retry-After`. */
function createPace() {
  let perToken = 0.25;
  return {
    record({ tokens, milliseconds }: ModelRun): void {
      perToken += (milliseconds / tokens - perToken) * 0.1;
    },
    /** Whole seconds until so many tokens are done, at least 1. */
    seconds: (tokens: number): number =>
      Math.min(60, Math.max(1, Math.ceil((tokens * perToken) / 1000))),
  };
}
