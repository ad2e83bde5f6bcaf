import type { TokenBatch } from "../src/model.ts";
import type { BatchAnswer, Workers } from "../src/workers.ts";

/** Stands for the threads: keeps each batch until it is answered. A text's vector is [its first token, its number of tokens]. */
export class FakeWorkers implements Workers {
  readonly ready = true;
  readonly restarts = 0;
  readonly loaded = Promise.resolve();
  readonly died = new Promise<never>(() => undefined);
  /** Every batch that ever ran, as lists of tokens. */
  readonly batches: (readonly (readonly number[])[])[] = [];
  readonly #running: {
    readonly batch: TokenBatch;
    readonly caller: PromiseWithResolvers<BatchAnswer>;
  }[] = [];
  readonly #count: number;
  #listener = (): void => undefined;

  constructor(count = 1) {
    this.#count = count;
  }

  get idle(): boolean {
    return this.#running.length < this.#count;
  }

  get running(): number {
    return this.#running.length;
  }

  async run(batch: TokenBatch): Promise<BatchAnswer> {
    if (!this.idle) throw new Error("no thread is idle");
    const caller = Promise.withResolvers<BatchAnswer>();
    this.#running.push({ batch, caller });
    this.batches.push(split(batch));
    return caller.promise;
  }

  /** The oldest batch is done, or fails. */
  finish(error?: Error): void {
    const [done] = this.#running.splice(0, 1);
    if (done === undefined) throw new Error("nothing runs");
    if (error !== undefined) done.caller.reject(error);
    else {
      const vectors = Float32Array.from(
        split(done.batch).flatMap((ids) => [ids[0] ?? 0, ids.length]),
      );
      done.caller.resolve({ vectors, milliseconds: 10 });
    }
    this.#listener();
  }

  onIdle(listener: () => void): void {
    this.#listener = listener;
  }

  async stop(): Promise<void> {}
}

function split({ ids, lengths }: TokenBatch): readonly (readonly number[])[] {
  let from = 0;
  return [...lengths].map((length) => [...ids.subarray(from, (from += length))]);
}
