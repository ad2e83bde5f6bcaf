import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Embeddings, Inference } from "./inference.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  countRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  countEmbeddings(embeddings: Embeddings): void;
}

/** The process's own figures (memory, event loop), requests by route and status, and the model's work. */
export function createMetrics(inference: Pick<Inference, "ready">): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const model = new Histogram({
    name: "inference_duration_seconds",
    help: "Time in the model for one request, without the wait for its turn",
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const texts = new Counter({ name: "inference_texts_total", help: "Texts embedded", registers });
  const tokens = new Counter({
    name: "inference_tokens_total",
    help: "Tokens embedded",
    registers,
  });
  const ready = new Gauge({
    name: "model_ready",
    help: "1 when the model is loaded and warm",
    registers,
  });
  return {
    contentType: registry.contentType,
    text() {
      ready.set(inference.ready() ? 1 : 0);
      return registry.metrics();
    },
    countRequest({ method, route, status, seconds }) {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    countEmbeddings(embeddings) {
      model.observe(embeddings.milliseconds / 1000);
      texts.inc(embeddings.vectors.length);
      tokens.inc(embeddings.tokens);
    },
  };
}
