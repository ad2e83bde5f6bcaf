import { Writable } from "node:stream";
import { pino } from "pino";
import { readConfig } from "../src/config.ts";
import { createHttp } from "../src/http.ts";
import { createMetrics } from "../src/metrics.ts";
import { FakeInference, maxTokens } from "./fake-inference.ts";

/** The server without its model. `logged` holds every line that it wrote so far. */
export function startHttp(env: Record<string, string> = {}) {
  const inference = new FakeInference();
  const logged: string[] = [];
  const log = pino(
    { level: "trace" },
    new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    }),
  );
  const app = createHttp({
    config: readConfig({ INFER_DEPLOY_VERSION: "1.4.0", INFER_DEPLOY_RELEASE: "7", ...env }),
    model,
    inference,
    metrics: createMetrics(),
    log,
  });
  return { app, inference, logged };
}

/** The facts of the model that the image holds. */
export const model = {
  names: ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"],
  dimensions: 384,
  maxTokens,
  pooling: "mean",
  precision: "exact",
  digest: Promise.resolve("0".repeat(64)),
} as const;
