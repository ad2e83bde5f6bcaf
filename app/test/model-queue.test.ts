import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../src/api-error.ts";
import { WorkerEndedError } from "../src/workers.ts";
import { embed, settle, start, watched } from "./inference-fixture.ts";

test("a lone request is not held back", async () => {
  const { inference, workers } = start();
  const answer = embed(inference, ["abc"]);
  await settle();
  assert.deepEqual(workers.batches, [[[97, 98, 99]]]);
  workers.finish();
  assert.deepEqual(await answer, { vectors: [[97, 3]], hits: 0, batch: 1 });
});

test("requests of one turn run together, and each gets its own", async () => {
  const { inference, workers } = start();
  const answers = ["bb", "a", "ccc"].map(async (text) => embed(inference, [text]));
  await settle();
  assert.equal(workers.batches.length, 1);
  workers.finish();
  const found = await Promise.all(answers);
  assert.deepEqual(
    found.map(({ vectors }) => vectors[0]),
    [
      [98, 2],
      [97, 1],
      [99, 3],
    ],
  );
  assert.deepEqual(
    found.map(({ batch }) => batch),
    [3, 3, 3],
  );
});

test("what came while the model was busy runs together afterwards", async () => {
  const { inference, workers } = start();
  const first = embed(inference, ["a"]);
  await settle();
  const others = ["b", "c"].map(async (text) => embed(inference, [text]));
  await settle();
  assert.equal(workers.batches.length, 1);
  workers.finish();
  await first;
  await settle();
  assert.deepEqual(workers.batches[1], [[98], [99]]);
  workers.finish();
  await Promise.all(others);
});

test("when a thread ends its texts run once more; when that one ends too, the callers get an error", async () => {
  const { inference, workers } = start();
  const answer = embed(inference, ["a"]);
  await settle();
  workers.finish(new WorkerEndedError("gone"));
  await settle();
  workers.finish();
  assert.deepEqual((await answer).vectors, [[97, 1]]);
  const unlucky = embed(inference, ["b"]);
  await settle();
  workers.finish(new WorkerEndedError("gone"));
  await settle();
  workers.finish(new WorkerEndedError("gone"));
  await assert.rejects(
    unlucky,
    (error) => error instanceof ApiError && error.status === 503 && error.code === "inference_lost",
  );
});

test("what its only caller has left is not computed; what another one waits for is", async () => {
  const { inference, workers } = start();
  const busy = embed(inference, ["x"]);
  await settle();
  const caller = new AbortController();
  const gone = embed(inference, ["a", "b"], watched(caller.signal));
  const stays = embed(inference, ["b"]);
  await settle();
  caller.abort(new Error("hung up"));
  await assert.rejects(gone, /hung up/);
  assert.equal(inference.figures().queuedTexts, 1);
  workers.finish();
  await busy;
  await settle();
  assert.deepEqual(workers.batches[1], [[98]]);
  workers.finish();
  assert.deepEqual((await stays).vectors, [[98, 1]]);
});

test("a text whose caller left comes back with the next one", async () => {
  const { inference, workers } = start();
  const busy = embed(inference, ["x"]);
  await settle();
  const caller = new AbortController();
  const gone = embed(inference, ["a"], watched(caller.signal));
  caller.abort(new Error("hung up"));
  await assert.rejects(gone, /hung up/);
  const again = embed(inference, ["a"]);
  workers.finish();
  await busy;
  await settle();
  workers.finish();
  assert.deepEqual((await again).vectors, [[97, 1]]);
});

test("a request after a long list does not wait for all of it, and the list does not wait forever", async () => {
  const { inference, workers, clock } = start();
  const long = Array.from({ length: 30 }, (_, index) => `list${String(index).padStart(4, "0")}`);
  const list = embed(inference, long);
  await settle();
  clock.now = 10;
  const late = embed(inference, ["lone0000"]);
  await settle();
  workers.finish();
  let runs = 1;
  while (
    !workers.batches.some((batch) =>
      batch.some((ids) => String.fromCharCode(...ids) === "lone0000"),
    )
  ) {
    await settle();
    workers.finish();
    runs += 1;
  }
  assert.ok(runs <= 3, `it ran after ${runs} batches`);
  // From now on another request always comes.
  const seen: string[] = [];
  void list.then(() => seen.push("all of the list"));
  for (let count = 0; count < 200; count += 1) {
    clock.now += 10;
    void embed(inference, [`other${count}`]).catch(() => undefined);
    await settle();
    if (workers.running > 0) workers.finish();
    await settle();
  }
  assert.deepEqual(seen, ["all of the list"]);
  await late;
});

test("two threads work at the same time", async () => {
  const { inference, workers } = start({ workers: 2 });
  const answers = ["a".repeat(10), "b".repeat(9)].map(async (text) => embed(inference, [text]));
  await settle();
  assert.equal(workers.running, 2);
  workers.finish();
  workers.finish();
  await Promise.all(answers);
});
