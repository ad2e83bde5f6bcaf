import type { ApiError } from "../src/api-error.ts";
import { setImmediate as turn } from "node:timers/promises";
import { createInference, type Inference } from "../src/inference.ts";
import type { Gathering } from "../src/gathering.ts";
import type { WatchRequest } from "../src/request-watch.ts";
import { FakeWorkers } from "./fake-workers.ts";

export const options = { encoding: "float", dimensions: 2 } as const;
/** No caller hangs up, and there is no time limit. */
export const never: WatchRequest = () => () => undefined;

export function watched(signal: AbortSignal): WatchRequest {
  return (onOver) => {
    const listener = (): void => {
      onOver(signal.reason as ApiError);
    };
    signal.addEventListener("abort", listener);
    return () => {
      signal.removeEventListener("abort", listener);
    };
  };
}

const nobodyIsAwaited: Gathering = {
  answered: () => undefined,
  arrived: () => undefined,
  left: () => 0,
};

/** A text's tokens are its characters' codes. */
export function start(
  changes: {
    queuedTexts?: number;
    cacheBytes?: number;
    workers?: number;
    gathering?: Gathering;
  } = {},
) {
  const workers = new FakeWorkers(changes.workers);
  const cached = { hits: 0, misses: 0 };
  const clock = { now: 0 };
  const inference = createInference({
    limits: { batchTokens: 16, queuedTexts: 100, cacheBytes: 100_000, ...changes },
    dimensions: 2,
    digest: () => "model",
    tokenise: (text) => {
      if (text === "?") throw new Error("no such character");
      const ids = Array.from(text, (one) => one.charCodeAt(0));
      return { ids: ids.slice(0, 10), isTruncated: ids.length > 10 };
    },
    workers,
    gathering: changes.gathering ?? nobodyIsAwaited,
    observe: {
      batch: () => undefined,
      cache: (hits, misses) => {
        cached.hits += hits;
        cached.misses += misses;
      },
    },
    now: () => clock.now,
  });
  return { inference, workers, cached, clock };
}

export async function embed(inference: Inference, texts: readonly string[], watch = never) {
  const { texts: found, ...rest } = await inference.embed(texts, options, watch);
  return { vectors: found.map(({ json }) => JSON.parse(String(json)) as number[]), ...rest };
}

/** Long enough for what happens at the end of a turn of the event loop. */
export async function settle(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await turn();
}
