import { readConfig } from "./config.ts";
import { readModelFacts } from "./model-folder.ts";
import type { Ending } from "./serve.ts";
import { startWorkers, type Workers } from "./workers.ts";

const ending = Promise.withResolvers<Ending>();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    ending.resolve({ reason: { signal }, exitCode: 0 });
  });
}
let workers: Workers | undefined;
try {
  const config = readConfig(process.env);
  const facts = readModelFacts(config.modelFolder, config.modelName);
  workers = startWorkers({
    count: config.workers,
    model: { folder: config.modelFolder, threads: config.threads, ...facts },
  });
  // Loaded while the model loads, which takes about as long.
  const { serve } = await import("./serve.ts");
  await serve({ config, facts, workers, ending });
} catch (error) {
  const { pino } = await import("pino");
  pino().fatal({ err: error }, "cannot start");
  await workers?.stop();
  process.exit(1);
}
