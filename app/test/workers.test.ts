import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorkers, WorkerEndedError, type Workers } from "../src/workers.ts";

const file = new URL("./fake-worker.ts", import.meta.url);

function start(context: TestContext, { threads = 1, count = 1 } = {}): Workers {
  const model = { folder: "", threads, dimensions: 1, pooling: "mean" } as const;
  const workers = startWorkers({ count, model, file });
  context.after(async () => workers.stop());
  return workers;
}

const batch = (first: number) => ({ ids: Int32Array.of(first, 7), lengths: Int32Array.of(2) });

async function untilIdle(workers: Workers): Promise<void> {
  while (!workers.idle) await sleep(5);
}

test("ONNX Runtime is told not to report before its thread starts", async (context) => {
  delete process.env["ORT_DISABLE_TELEMETRY"];
  await start(context).loaded;
  assert.equal(process.env["ORT_DISABLE_TELEMETRY"], "1");
});

test("a batch is answered, and its thread is busy until then", async (context) => {
  const workers = start(context);
  assert.deepEqual([workers.ready, workers.idle], [false, false]);
  await workers.loaded;
  const answer = workers.run(batch(1));
  assert.deepEqual([workers.ready, workers.idle], [true, false]);
  assert.deepEqual([...(await answer).vectors], [2]);
  assert.equal(workers.idle, true);
});

test("a batch that the model refuses fails alone", async (context) => {
  const workers = start(context);
  await workers.loaded;
  await assert.rejects(workers.run(batch(2)), /the model failed: a bad batch/);
  assert.deepEqual([workers.idle, workers.restarts], [true, 0]);
});

for (const [why, token] of [
  ["throws", 3],
  ["has no memory left", 4],
] as const) {
  test(`a thread that ${why} fails its batch, is not ready meanwhile, and is started again`, async (context) => {
    const workers = start(context);
    await workers.loaded;
    await assert.rejects(workers.run(batch(token)), WorkerEndedError);
    assert.equal(workers.ready, false);
    await untilIdle(workers);
    assert.equal(workers.restarts, 1);
    assert.deepEqual([...(await workers.run(batch(1))).vectors], [2]);
  });
}

test("one that ends does not stop the other", async (context) => {
  const workers = start(context, { count: 2 });
  await untilIdle(workers);
  const lost = assert.rejects(workers.run(batch(3)), WorkerEndedError);
  await untilIdle(workers);
  await lost;
  assert.equal(workers.ready, true);
});

test("a thread that cannot start is not tried again: the reason is reported", async (context) => {
  const workers = start(context, { threads: 0 });
  assert.match((await workers.died).message, /no model here/);
  assert.deepEqual([workers.ready, workers.idle], [false, false]);
});

test("a thread that ends again and again is not restarted", async (context) => {
  const workers = start(context);
  for (let count = 0; count < 6; count += 1) {
    await untilIdle(workers);
    await assert.rejects(workers.run(batch(3)), WorkerEndedError);
  }
  assert.match((await workers.died).message, /the thread broke/);
  assert.equal(workers.restarts, 6);
});
