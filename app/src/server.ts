import { pino } from "pino";
import { type Config, readConfig } from "./config.ts";
import { createHttp } from "./http.ts";
import { startInference } from "./inference.ts";
import { createMetrics } from "./metrics.ts";

/** Listens at once, so that /healthz answers while the model is loaded, and drains at the first signal. */
async function main(config: Config): Promise<void> {
  const log = pino({
    level: config.logLevel,
    base: { version: config.version, release: config.release },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  const start = performance.now();
  const inference = startInference(config);
  const app = createHttp({ config, inference, metrics: createMetrics(inference), log });
  let ending = false;

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => void drain({ signal }, 0));
  }
  void inference.died.then((error) => {
    if (!ending) log.fatal({ err: error }, "the model cannot run");
    return drain({}, 1);
  });
  void inference.loaded.then(() => {
    log.info(
      { milliseconds: Math.round(performance.now() - start), threads: config.threads },
      "ready",
    );
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
    await app.close();
    await inference.stop();
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
