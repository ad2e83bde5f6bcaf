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
  /** Tokens of one run of the model, including padding. */
  readonly batchTokens: number;
  readonly dimensions: number;
  readonly tokenise: Tokenise;
  readonly workers: Workers;
  /** Whether to wait a moment for callers who were just answered. */
  readonly gathering: Gathering;
  readonly observe: (run: ModelRun) => void;
  /** Called with each answer before the requests that wait for it get it. */
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
  /** Texts on their way, including those that run now. */
  readonly size: number;
  readonly waitingTexts: number;
  readonly waitingTokens: number;
  has(key: string): boolean;
  /** Joins or opens one flight for each key and calls the waiter for each. Every `join` needs a `leave`. */
  join(
    wishes: readonly Wish[],
    options: EmbeddingOptions,
    waiter: Waiter,
  ): ReadonlyMap<string, Flight>;
  /** Texts that no request waits for any more are not computed. */
  leave(flights: Iterable<Flight>, waiter: Waiter): void;
}

export function createModelQueue(parts: QueueParts): ModelQueue {
  const { workers, gathering } = parts;
  const batcher = createBatcher<Flight>(parts.batchTokens);
  const flights = new Map<string, Flight>();
  let isDue = false;
  /** The run that was answered in this turn of the event loop. */
  let answered: ModelRun | undefined;
  let gatheringTimer: NodeJS.Timeout | undefined;
  workers.onIdle(schedule);

  /** At the end of this turn of the event loop, so that requests that came together run together. */
  function schedule(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      // Its answers have been sent by now, so wait for callers who come back.
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
    // The thread is free again. If there is a full batch for it, start that before writing the answers.
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

  /** The end of a thread does not blame the texts in it, until it happens to the same texts twice. */
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

/** How long the HTTP thread may count tokens before it handles other requests. */
const sliceMilliseconds = 4;

/** A long list's texts are due one after the other, at about half of the model's pace, so that a later request overtakes most of them. */
const millisecondsPerToken = 0.5;

/** How often a text is run when its thread ends. */
const mostAttempts = 2;
