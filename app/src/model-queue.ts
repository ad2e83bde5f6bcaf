import { setImmediate as nextTurn } from "node:timers/promises";
import { ApiError } from "./api-error.ts";
import { createBatcher } from "./batcher.ts";
import type { Embedding, EmbeddingOptions } from "./embedding.ts";
import { shorten, writeVector } from "./embedding-json.ts";
import { packTokens, type Flight, type Waiter, type Wish } from "./flight.ts";
import type { Gathering } from "./gathering.ts";
import type { Tokenise } from "./tokeniser.ts";
import { type BatchAnswer, WorkerEndedError, type Workers } from "./workers.ts";

export interface QueueParts {
  /** Of one run of the model, with their padding. */
  readonly batchTokens: number;
  readonly dimensions: number;
  readonly tokenise: Tokenise;
  readonly workers: Workers;
  /** Whether to wait a moment for those who were just answered. */
  readonly gathering: Gathering;
  readonly observe: (run: ModelRun) => void;
  /** Called with each answer before those who wait for it get it. */
  readonly onAnswer: (key: string, embedding: Embedding) => void;
  /** Milliseconds, for the order in which texts are due. */
  readonly now: () => number;
}

export interface ModelRun {
  readonly texts: number;
  readonly tokens: number;
  readonly milliseconds: number;
}

/** The texts on their way through the model, from their tokens to their answers. */
export interface ModelQueue {
  /** Texts on their way, those that run now included. */
  readonly size: number;
  readonly waitingTexts: number;
  readonly waitingTokens: number;
  has(key: string): boolean;
  /** One flight for each key, those that are on their way already included; the waiter is told of each. Whoever joins must leave. */
  join(
    wishes: readonly Wish[],
    options: EmbeddingOptions,
    waiter: Waiter,
  ): ReadonlyMap<string, Flight>;
  /** What nobody waits for any more is not computed. */
  leave(flights: Iterable<Flight>, waiter: Waiter): void;
}

export function createModelQueue(parts: QueueParts): ModelQueue {
  const { workers, gathering } = parts;
  const batcher = createBatcher<Flight>(parts.batchTokens);
  const flights = new Map<string, Flight>();
  let isDue = false;
  /** What was answered in this turn of the event loop. */
  let answered: ModelRun | undefined;
  let gatheringTimer: NodeJS.Timeout | undefined;
  workers.onIdle(schedule);

  /** At the end of this turn of the event loop, so that requests that came together run together. */
  function schedule(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      // Its answers have gone out by now: time to look who comes back.
      if (answered !== undefined) gathering.answered(answered.texts, answered.milliseconds);
      answered = undefined;
      dispatch();
    });
  }

  function dispatch(): void {
    while (workers.idle && batcher.size > 0) {
      const left = batcher.tokens >= parts.batchTokens ? 0 : gathering.left();
      if (left > 0) {
        gatheringTimer ??= setTimeout(() => {
          gatheringTimer = undefined;
          dispatch();
        }, left);
        return;
      }
      const batch = batcher.take();
      if (batch !== undefined) void run(batch);
    }
  }

  async function run(batch: readonly Flight[]): Promise<void> {
    for (const flight of batch) {
      flight.state = "running";
      flight.batch = batch.length;
      flight.attempts += 1;
    }
    let answer: BatchAnswer;
    try {
      answer = await workers.run(packTokens(batch));
    } catch (error) {
      for (const flight of batch) retryOrFail(flight, error);
      schedule();
      return;
    }
    const { vectors, milliseconds } = answer;
    // Its thread is free again: when there is a whole batch for it already, that should not wait for the answers to be written.
    if (batcher.tokens >= parts.batchTokens) dispatch();
    for (const [index, flight] of batch.entries()) {
      const from = index * parts.dimensions;
      land(flight, vectors.subarray(from, from + parts.dimensions));
    }
    const tokens = batch.reduce((sum, { length }) => sum + length, 0);
    answered = { texts: batch.length, tokens, milliseconds };
    parts.observe(answered);
    schedule();
  }

  function land(flight: Flight, vector: Float32Array): void {
    const { encoding, dimensions } = flight.options;
    const json = writeVector(shorten(vector, dimensions), encoding);
    const { length: tokens, key } = flight;
    const embedding = { json, tokens, isTruncated: flight.tokens?.isTruncated ?? false };
    close(flight);
    parts.onAnswer(key, embedding);
    flight.embedding = embedding;
    for (const waiter of flight.waiters) waiter.landed();
  }

  /** A thread's end says nothing of the texts that were in it, until it happens to the same ones twice. */
  function retryOrFail(flight: Flight, error: unknown): void {
    const isLost = error instanceof WorkerEndedError;
    if (isLost && flight.attempts < mostAttempts && flight.waiters.size > 0) {
      flight.state = "queued";
      batcher.add(flight);
      return;
    }
    fail(
      flight,
      isLost ? new ApiError(503, "inference_lost", "The model's thread ended; try again.") : error,
    );
  }

  function fail(flight: Flight, error: unknown): void {
    close(flight);
    for (const waiter of flight.waiters) waiter.failed(error);
  }

  function close(flight: Flight): void {
    flight.state = "over";
    flights.delete(flight.key);
  }

  function leave(flight: Flight, waiter: Waiter): void {
    flight.waiters.delete(waiter);
    if (flight.waiters.size > 0 || flight.state === "running" || flight.state === "over") return;
    batcher.remove(flight);
    close(flight);
  }

  function open(key: string, text: string, options: EmbeddingOptions): Flight {
    const flight: Flight = {
      ...{ key, text, options, tokens: undefined, length: 0, due: 0 },
      ...{ state: "new", attempts: 0, batch: 0, embedding: undefined, waiters: new Set() },
    };
    flights.set(key, flight);
    return flight;
  }

  /** Counts the tokens of new texts and puts them into the queue, a few milliseconds' worth at a time. */
  async function enqueue(fresh: readonly Flight[]): Promise<void> {
    const arrived = parts.now();
    let before = 0;
    let since = performance.now();
    for (const flight of fresh) {
      if (performance.now() - since > sliceMilliseconds) {
        await nextTurn();
        since = performance.now();
      }
      if (flight.state !== "new") continue;
      try {
        flight.tokens = parts.tokenise(flight.text);
      } catch (error) {
        fail(flight, error);
        continue;
      }
      flight.length = flight.tokens.ids.length;
      flight.due = arrived + before * millisecondsPerToken;
      before += flight.length;
      flight.state = "queued";
      batcher.add(flight);
      gathering.arrived();
      schedule();
    }
  }

  return {
    get size() {
      return flights.size;
    },
    get waitingTexts() {
      return batcher.size;
    },
    get waitingTokens() {
      return batcher.tokens;
    },
    has: (key) => flights.has(key),
    join(wishes, options, waiter) {
      const joined = new Map<string, Flight>();
      const fresh: Flight[] = [];
      for (const { key, text } of wishes) {
        if (joined.has(key)) continue;
        const known = flights.get(key);
        const flight = known ?? open(key, text, options);
        if (known === undefined) fresh.push(flight);
        flight.waiters.add(waiter);
        joined.set(key, flight);
      }
      void enqueue(fresh);
      return joined;
    },
    leave(list, waiter) {
      for (const flight of list) leave(flight, waiter);
    },
  };
}

/** How long the thread that answers HTTP may count tokens before it looks after others. */
const sliceMilliseconds = 4;

/** A long list's texts are due one after the other, at about half of the model's pace: a request that comes later passes most of them by. */
const millisecondsPerToken = 0.5;

/** Times that a text runs, when its thread ends. */
const mostAttempts = 2;
