import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Inference, InferenceObserver } from "./inference.ts";

export interface Metrics extends InferenceObserver {
  readonly contentType: string;
  text(inference: Pick<Inference, "ready" | "figures">): Promise<string>;
  countRequest(request: { method: string; route: string; status: number; seconds: number }): void;
}

/** Metrics of the process (memory, event loop), requests by route and status, and the model's work. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const requests = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const model = new Histogram({
    name: "inference_duration_seconds",
    help: "Time of one run of the model",
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const batches = new Histogram({
    name: "inference_batch_texts",
    help: "Texts in one run of the model",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const texts = counter("inference_texts_total", "Texts that the model embedded");
  const tokens = counter("inference_tokens_total", "Tokens that the model embedded");
  const hits = counter("cache_hits_total", "Texts that were answered from the cache");
  const misses = counter("cache_misses_total", "Texts that were not in the cache");
  const ready = gauge("model_ready", "1 when the model is loaded and warm");
  const restarts = gauge("inference_thread_restarts", "Inference threads that ended");
  const queuedTexts = gauge("queue_texts", "Texts that wait for the model");
  const queuedTokens = gauge("queue_tokens", "Tokens of the texts that wait for the model");
  const cacheBytes = gauge("cache_bytes", "Size of the cache");
  const cacheEntries = gauge("cache_entries", "Answers in the cache");
  return {
    contentType: registry.contentType,
    text(inference) {
      const figures = inference.figures();
      ready.set(inference.ready() ? 1 : 0);
      restarts.set(figures.restarts);
      queuedTexts.set(figures.queuedTexts);
      queuedTokens.set(figures.queuedTokens);
      cacheBytes.set(figures.cacheBytes);
      cacheEntries.set(figures.cacheEntries);
      return registry.metrics();
    },
    countRequest({ method, route, status, seconds }) {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    batch(run) {
      model.observe(run.milliseconds / 1000);
      batches.observe(run.texts);
      texts.inc(run.texts);
      tokens.inc(run.tokens);
    },
    cache(found, missed) {
      hits.inc(found);
      misses.inc(missed);
    },
  };
}
