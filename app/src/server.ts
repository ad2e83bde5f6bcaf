import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { type Config, readConfig } from "./config.ts";
import { createHttp } from "./http.ts";
import { createInference } from "./inference.ts";
import { createMetrics } from "./metrics.ts";
import { digestModel, readModelFacts } from "./model-folder.ts";
import { loadTokeniser } from "./tokeniser.ts";
import { startWorkers, type Workers } from "./workers.ts";

/** Listens as soon as it knows its model, so that /healthz answers while that is loaded, and drains at the first signal. */
async function main(config: Config): Promise<void> {
  const log = pino({
    level: config.logLevel,
    base: { version: config.version, release: config.release },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  let ending = false;
  const running: { app?: FastifyInstance; workers?: Workers } = {};
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => void drain({ signal }, 0));
  }
  const facts = readModelFacts(config.modelFolder, config.modelName);
  // First of all: its threads load the model while this one does the rest.
  const workers = startWorkers({
    count: config.workers,
    model: { folder: config.modelFolder, threads: config.threads, ...facts },
  });
  const metrics = createMetrics();
  const digest = await digestModel(config.modelFolder);
  const inference = createInference({
    limits: config.limits,
    dimensions: facts.dimensions,
    digest,
    tokenise: loadTokeniser(config.modelFolder, facts.maxTokens),
    workers,
    observe: metrics,
    now: () => performance.now(),
  });
  const app = createHttp({ config, model: { ...facts, digest }, inference, metrics, log });
  Object.assign(running, { app, workers });
  void workers.died.then((error) => {
    if (!ending) log.fatal({ err: error }, "the model cannot run");
    return drain({}, 1);
  });
  void workers.loaded.then(() => {
    const { threads, workers: count } = config;
    // Since the process began, the time that Node itself needed to start included.
    log.info({ milliseconds: Math.round(performance.now()), workers: count, threads }, "ready");
  });
  await app.listen({ port: config.port, host: config.host });

  async function drain(reason: object, exitCode: number): Promise<void> {
    if (ending) return;
    ending = true;
    log.info(reason, "draining");
    setTimeout(() => {
      log.error(
        { milliseconds: config.drainTimeout },
        "requests were still in flight at the end of the drain",
      );
      process.exit(1);
    }, config.drainTimeout).unref();
    await running.app?.close();
    await running.workers?.stop();
    log.info("drained");
    process.exit(exitCode);
  }
}

try {
  await main(readConfig(process.env));
} catch (error) {
  pino().fatal({ err: error }, "cannot start");
  process.exit(1);
}
