import { Worker } from "node:worker_threads";
import type { ModelSettings, TokenBatch } from "./model.ts";

export type WorkerRequest = TokenBatch;

export type WorkerReply =
  | { readonly kind: "ready" }
  | {
      readonly kind: "done";
      /** One vector after the other. */
      readonly vectors: Float32Array<ArrayBuffer>;
      readonly milliseconds: number;
    }
  | { readonly kind: "failed"; readonly reason: string };

export type BatchAnswer = Omit<Extract<WorkerReply, { kind: "done" }>, "kind">;

/** The thread ended with a batch in it, which is not necessarily the batch's fault. */
export class WorkerEndedError extends Error {
  override readonly name = "WorkerEndedError";
}

export interface WorkersSettings {
  readonly count: number;
  readonly model: ModelSettings;
  /** The worker's program; tests use another one. */
  readonly file?: URL;
}

/** Threads that run the model, one batch in each. One that ends is started again. */
export interface Workers {
  /** Whether one of them has the model loaded and warm. */
  readonly ready: boolean;
  /** Whether one of them could take a batch now. */
  readonly idle: boolean;
  /** Threads that ended, and were started again. */
  readonly restarts: number;
  /** Settles when the first one has the model loaded and warm; never if none can load it. */
  readonly loaded: Promise<void>;
  /** Settles with the reason when they end too often or cannot start, so that nothing can be embedded any more. */
  readonly died: Promise<Error>;
  /** Rejects with WorkerEndedError or the model's error. Call it only while a thread is idle. */
  run(batch: TokenBatch): Promise<BatchAnswer>;
  /** Called when a thread has become idle. */
  onIdle(listener: () => void): void;
  /** Waits until the threads are idle, then ends them. */
  stop(): Promise<void>;
}

/** The model runs in separate threads, because it is synchronous native code and /healthz must answer meanwhile. */
export function startWorkers({ count, model, file = program }: WorkersSettings): Workers {
  // ONNX Runtime reads the process's environment, which only the main thread can write.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  const loaded = Promise.withResolvers<void>();
  const died = Promise.withResolvers<Error>();
  const ends: number[] = [];
  let idleListener = (): void => undefined;
  let isStopping = false;
  let changed = Promise.withResolvers<void>();
  const slots = Array.from({ length: count }, () => openSlot());

  function openSlot(): Slot {
    const slot: Slot = { worker: undefined, state: "loading", caller: undefined };
    start(slot);
    return slot;
  }

  function start(slot: Slot): void {
    const worker = new Worker(file, { workerData: model, resourceLimits });
    let reason: Error | undefined;
    slot.worker = worker;
    worker.on("message", (reply: WorkerReply) => {
      const { caller } = slot;
      slot.caller = undefined;
      slot.state = "idle";
      if (reply.kind === "ready") loaded.resolve();
      else if (reply.kind === "done") caller?.resolve(reply);
      else caller?.reject(new Error(`the model failed: ${reply.reason}`));
      tellChange();
      idleListener();
    });
    worker.on("error", (error) => {
      reason = error instanceof Error ? error : new Error(String(error));
    });
    worker.on("exit", (code) => {
      const wasLoading = slot.state === "loading";
      end(slot, reason ?? new Error(`the inference thread ended with code ${code}`), wasLoading);
    });
  }

  function end(slot: Slot, error: Error, wasLoading: boolean): void {
    const { caller } = slot;
    slot.caller = undefined;
    slot.state = isStopping ? "dead" : "loading";
    caller?.reject(new WorkerEndedError(error.message, { cause: error }));
    tellChange();
    if (isStopping) return;
    const now = performance.now();
    ends.push(now);
    const recent = ends.filter((at) => now - at < restartWindow).length;
    // A thread that cannot even load the model will fail the next time too.
    if (wasLoading || recent > mostRestarts) {
      slot.state = "dead";
      died.resolve(error);
      return;
    }
    start(slot);
  }

  function tellChange(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  return {
    get ready() {
      return slots.some(({ state }) => state === "idle" || state === "busy");
    },
    get idle() {
      return slots.some(({ state }) => state === "idle");
    },
    get restarts() {
      return ends.length;
    },
    loaded: loaded.promise,
    died: died.promise,
    async run(batch) {
      const slot = slots.find(({ state }) => state === "idle");
      if (slot === undefined) throw new Error("every inference thread is busy");
      const caller = Promise.withResolvers<BatchAnswer>();
      slot.caller = caller;
      slot.state = "busy";
      slot.worker?.postMessage(batch);
      return caller.promise;
    },
    onIdle(listener) {
      idleListener = listener;
    },
    async stop() {
      isStopping = true;
      // Ending a thread while ONNX Runtime works in it crashes the whole process.
      while (slots.some(({ state }) => state === "loading" || state === "busy")) {
        await changed.promise;
      }
      await Promise.all(slots.map(async ({ worker }) => worker?.terminate()));
    },
  };
}

interface Slot {
  worker: Worker | undefined;
  state: "loading" | "idle" | "busy" | "dead";
  caller: PromiseWithResolvers<BatchAnswer> | undefined;
}

const program = new URL("./inference-worker.ts", import.meta.url);

/** The limit for JavaScript, of which a batch needs little. A thread that exceeds it ends before the container has to. */
const resourceLimits = { maxOldGenerationSizeMb: 128 };

/** Tolerated ends of threads within a minute. After more the process ends, so that its supervisor notices. */
const mostRestarts = 5;
const restartWindow = 60_000;
