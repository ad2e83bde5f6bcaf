import { pino } from "pino";
import type { Config } from "./config.ts";
import { createGathering } from "./gathering.ts";
import { createHttp } from "./http.ts";
import { createInference } from "./inference.ts";
import { createMetrics } from "./metrics.ts";
import { digestModel, type ModelFacts } from "./model-folder.ts";
import { loadTokeniser } from "./tokeniser.ts";
import type { Workers } from "./workers.ts";

/** Why the server ends, for its log, and its exit code. */
export interface Ending {
  readonly reason: object;
  readonly exitCode: number;
}

export interface ServeParts {
  readonly config: Config;
  readonly facts: ModelFacts;
  readonly workers: Workers;
  /** Resolved by a signal, or here when the model cannot run. */
  readonly ending: PromiseWithResolvers<Ending>;
}

/** Listens while the model is still being loaded, so that /healthz answers, and drains at the end. Throws if it cannot listen. */
export async function serve({ config, facts, workers, ending }: ServeParts): Promise<void> {
  const log = pino(
    {
      level: config.logLevel,
      base: { version: config.version, release: config.release },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ minLength: logBytes, periodicFlush: logMilliseconds }),
  );
  const fail = (error: unknown): void => {
    log.fatal({ err: error }, "the model cannot run");
    ending.resolve({ reason: {}, exitCode: 1 });
  };
  const digest = digestModel(config.modelFolder);
  let knownDigest: string | undefined;
  const metrics = createMetrics();
  const now = (): number => performance.now();
  const inference = createInference({
    limits: config.limits,
    dimensions: facts.dimensions,
    digest: () => knownDigest,
    tokenise: loadTokeniser(config.modelFolder, facts.maxTokens),
    workers,
    gathering: createGathering(now),
    observe: metrics,
    now,
  });
  const app = createHttp({ config, model: { ...facts, digest }, inference, metrics, log });
  void workers.died.then(fail);
  // Without its digest the model cannot answer.
  void Promise.all([workers.loaded, digest]).then(([, found]) => {
    knownDigest = found;
    const { threads, workers: count } = config;
    // Since the process began, including Node's own start.
    log.info({ milliseconds: Math.round(performance.now()), workers: count, threads }, "ready");
  }, fail);
  await app.listen({ port: config.port, host: config.host });

  const { reason, exitCode } = await ending.promise;
  log.info(reason, "draining");
  setTimeout(() => {
    log.error(
      { milliseconds: config.drainTimeout },
      "requests were still in flight at the end of the drain",
    );
    process.exit(1);
  }, config.drainTimeout).unref();
  await app.close();
  await workers.stop();
  log.info("drained");
  process.exit(exitCode);
}

/** Lines are written together: a write for each line took an eighth of this thread's time for a request. */
const logBytes = 8192;

/** The longest that a line waits. At the end of the process none waits. */
const logMilliseconds = 100;
