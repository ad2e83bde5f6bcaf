import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../src/api-error.ts";
import { embed, never, options, settle, start } from "./inference-fixture.ts";

test("the same text, asked for many times at once, runs once", async () => {
  const { inference, workers, cached } = start();
  const answers = Array.from({ length: 50 }, async () => embed(inference, ["a", "b", "a"]));
  await settle();
  workers.finish();
  for (const { vectors } of await Promise.all(answers)) {
    assert.deepEqual(vectors, [
      [97, 1],
      [98, 1],
      [97, 1],
    ]);
  }
  assert.deepEqual(workers.batches, [[[97], [98]]]);
  assert.deepEqual(cached, { hits: 0, misses: 150 });
});

test("a text that was answered comes from the cache; in another form it does not", async () => {
  const { inference, workers, cached } = start();
  const first = embed(inference, ["a"]);
  await settle();
  workers.finish();
  await first;
  assert.deepEqual(await embed(inference, ["a"]), { vectors: [[97, 1]], hits: 1, batch: 0 });
  assert.deepEqual(cached, { hits: 1, misses: 1 });
  const short = inference.embed(["a"], { ...options, dimensions: 1 }, never);
  await settle();
  assert.equal(workers.batches.length, 2);
  workers.finish();
  assert.equal(String((await short).texts[0]?.json), "[1]");
});

test("a text that was cut says so, also from the cache", async () => {
  const { inference, workers } = start();
  const first = inference.embed(["abcdefghijkl", "a"], options, never);
  await settle();
  workers.finish();
  await settle();
  workers.finish();
  await first;
  const { texts, hits } = await inference.embed(["abcdefghijkl", "a"], options, never);
  assert.deepEqual(
    texts.map(({ isTruncated, tokens }) => [isTruncated, tokens]),
    [
      [true, 10],
      [false, 1],
    ],
  );
  assert.equal(hits, 2);
});

test("an error reaches all who wait for it, and is not kept", async () => {
  const { inference, workers } = start();
  const answers = [embed(inference, ["a"]), embed(inference, ["a"])];
  await settle();
  workers.finish(new Error("broken"));
  for (const answer of answers) await assert.rejects(answer, /broken/);
  const again = embed(inference, ["a"]);
  await settle();
  workers.finish();
  assert.deepEqual((await again).vectors, [[97, 1]]);
});

test("a text that cannot be read fails alone", async () => {
  const { inference, workers } = start();
  const bad = embed(inference, ["?"]);
  const good = embed(inference, ["a"]);
  await assert.rejects(bad, /no such character/);
  await settle();
  workers.finish();
  await good;
  assert.deepEqual(inference.figures().queuedTexts, 0);
});

test("more than may wait is refused at once, with the seconds to wait; what waits is answered", async () => {
  const { inference, workers } = start({ queuedTexts: 3 });
  const taken = embed(inference, ["a", "b", "c"]);
  await settle();
  await assert.rejects(
    embed(inference, ["d"]),
    (error) => error instanceof ApiError && error.status === 429 && (error.retryAfter ?? 0) >= 1,
  );
  // It computes nothing new.
  const same = embed(inference, ["a"]);
  workers.finish();
  assert.equal((await taken).vectors.length, 3);
  await same;
  const next = embed(inference, ["d"]);
  await settle();
  workers.finish();
  await next;
});

test("a list as long as the whole queue is taken when nothing else waits", async () => {
  const { inference, workers } = start({ queuedTexts: 3 });
  const answer = embed(inference, ["a", "b", "c", "d"]);
  await settle();
  workers.finish();
  assert.equal((await answer).vectors.length, 4);
});
