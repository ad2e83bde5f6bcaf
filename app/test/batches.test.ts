import assert from "node:assert/strict";
import { test } from "node:test";
import { cutBatches } from "../src/batches.ts";

test("no texts, no batches", () => {
  assert.deepEqual(cutBatches([], 100), []);
});

test("texts that fit together run together, padded to the longest", () => {
  assert.deepEqual(cutBatches([3, 10, 5], 30), [{ first: 0, count: 3, longest: 10 }]);
});

test("a long text counts for its neighbours' padding too", () => {
  assert.deepEqual(cutBatches([3, 3, 11], 30), [
    { first: 0, count: 2, longest: 3 },
    { first: 2, count: 1, longest: 11 },
  ]);
});

test("a text that is larger than a batch runs alone", () => {
  assert.deepEqual(cutBatches([50, 2], 30), [
    { first: 0, count: 1, longest: 50 },
    { first: 1, count: 1, longest: 2 },
  ]);
});

test("every text is in exactly one batch, and no batch of several is over the limit", () => {
  const lengths = Array.from({ length: 300 }, (_, index) => ((index * 7919) % 256) + 2);
  let next = 0;
  for (const { first, count, longest } of cutBatches(lengths, 2048)) {
    assert.equal(first, next);
    assert.equal(longest, Math.max(...lengths.slice(first, first + count)));
    assert.ok(count === 1 || count * longest <= 2048);
    next = first + count;
  }
  assert.equal(next, lengths.length);
});
