import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readConfig } from "../../src/config.ts";
import { createGathering } from "../../src/gathering.ts";
import { createInference, type Embeddings } from "../../src/inference.ts";
import { readModelFacts } from "../../src/model-folder.ts";
import { loadTokeniser } from "../../src/tokeniser.ts";
import { startWorkers, type WorkersSettings } from "../../src/workers.ts";
import { never } from "../inference-fixture.ts";

const { modelFolder } = readConfig(process.env);
const facts = readModelFacts(modelFolder, null);
const options = { encoding: "float", dimensions: facts.dimensions } as const;

/** The parts of the server behind HTTP, with the model; `file` stands in for a thread's program. */
function start(settings: Partial<WorkersSettings> = {}) {
  const workers = startWorkers({
    count: 1,
    model: { folder: modelFolder, threads: 1, ...facts },
    ...settings,
  });
  const runs: number[] = [];
  const inference = createInference({
    limits: { batchTokens: 512, queuedTexts: 1024, cacheBytes: 1_000_000 },
    dimensions: facts.dimensions,
    digest: () => "",
    tokenise: loadTokeniser(modelFolder, facts.maxTokens),
    workers,
    gathering: createGathering(() => performance.now()),
    observe: { batch: ({ texts }) => runs.push(texts), cache: () => undefined },
    now: () => performance.now(),
  });
  return { workers, inference, runs };
}

test("fifty identical requests at once are one text in one run", async () => {
  const { workers, inference, runs } = start();
  await workers.loaded;
  await Promise.all(
    Array.from({ length: 50 }, async () => inference.embed(["the same"], options, never)),
  );
  assert.deepEqual(runs, [1]);
  await workers.stop();
});

test("a thread that is killed again and again under load loses no request", async () => {
  const { workers, inference, runs } = start({
    file: new URL("./mortal-worker.ts", import.meta.url),
  });
  await workers.loaded;
  const asked: Promise<Embeddings>[] = [];
  while (workers.restarts < 3) {
    asked.push(inference.embed([`text number ${asked.length}`], options, never));
    await sleep(5);
  }
  const answers = await Promise.all(asked);
  assert.ok(answers.every(({ texts }) => texts.length === 1));
  assert.equal(
    runs.reduce((sum, count) => sum + count, 0),
    asked.length,
  );
  await workers.stop();
});
