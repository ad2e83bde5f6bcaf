import { Worker } from "node:worker_threads";
import { dimensions } from "./model-name.ts";

export interface Embeddings {
  /** One for each text, in the texts' order. */
  readonly vectors: readonly Float32Array[];
  /** Tokens read, [CLS] and [SEP] included, after truncation. */
  readonly tokens: number;
  /** Time in the model, without the wait for its turn. */
  readonly milliseconds: number;
}

/** The model behind a narrow door: `src/http.ts` needs no more than this. */
export interface Inference {
  ready(): boolean;
  embed(texts: readonly string[]): Promise<Embeddings>;
}

export interface InferenceThread extends Inference {
  /** Settles when the model is loaded and warm; never, when it cannot be. */
  readonly loaded: Promise<void>;
  /** Settles, with the reason, when the thread has ended: nothing can be embedded any more. */
  readonly died: Promise<Error>;
  stop(): Promise<void>;
}

export interface WorkerSettings {
  readonly modelFolder: string;
  readonly threads: number;
}

export interface WorkerRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

export type WorkerReply =
  | { readonly kind: "ready" }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly vectors: Float32Array<ArrayBuffer>;
      readonly tokens: number;
      readonly milliseconds: number;
    }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string };

/** Running the model is synchronous native code, so it has a thread of its own: /healthz must answer meanwhile. */
export function startInference(settings: WorkerSettings): InferenceThread {
  // ONNX Runtime reads the process's environment, which only the main thread can write.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  const worker = new Worker(new URL("./inference-worker.ts", import.meta.url), {
    workerData: settings,
  });
  const waiting = new Map<number, PromiseWithResolvers<Embeddings>>();
  const loaded = Promise.withResolvers<void>();
  const died = Promise.withResolvers<Error>();
  let isReady = false;
  let nextId = 0;

  worker.on("message", (reply: WorkerReply) => {
    if (reply.kind === "ready") {
      isReady = true;
      loaded.resolve();
      return;
    }
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === "done") caller?.resolve(toEmbeddings(reply));
    else caller?.reject(new Error(`the model failed: ${reply.reason}`));
  });
  worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", (code) => fail(new Error(`the inference thread ended with code ${code}`)));

  function fail(error: Error): void {
    isReady = false;
    died.resolve(error);
    for (const caller of waiting.values()) caller.reject(error);
    waiting.clear();
  }

  return {
    loaded: loaded.promise,
    died: died.promise,
    ready: () => isReady,
    embed(texts) {
      const caller = Promise.withResolvers<Embeddings>();
      const id = (nextId += 1);
      waiting.set(id, caller);
      worker.postMessage({ id, texts } satisfies WorkerRequest);
      return caller.promise;
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function toEmbeddings(reply: Extract<WorkerReply, { kind: "done" }>): Embeddings {
  const count = reply.vectors.length / dimensions;
  const vectors = Array.from({ length: count }, (_, index) =>
    reply.vectors.subarray(index * dimensions, (index + 1) * dimensions),
  );
  return { vectors, tokens: reply.tokens, milliseconds: reply.milliseconds };
}
