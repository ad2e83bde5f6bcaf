import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBatcher, type Waiting } from "../src/batcher.ts";

const item = (length: number, due = 0): Waiting => ({ length, due });
const lengths = (batch: readonly Waiting[] | undefined) => batch?.map(({ length }) => length);

test("a lone text runs alone, at once", () => {
  const batcher = createBatcher(512);
  batcher.add(item(16));
  assert.deepEqual(lengths(batcher.take()), [16]);
  assert.equal(batcher.take(), undefined);
});

test("texts of about the same length run together, shortest first", () => {
  const batcher = createBatcher(512);
  for (const length of [9, 8, 11, 10]) batcher.add(item(length));
  assert.deepEqual(lengths(batcher.take()), [8, 9, 10, 11]);
});

test("a text does not run with one that would pad it to many times its length", () => {
  const batcher = createBatcher(512);
  for (const length of [8, 128, 8]) batcher.add(item(length));
  assert.deepEqual(lengths(batcher.take()), [8, 8]);
  assert.deepEqual(lengths(batcher.take()), [128]);
});

test("what is due first runs first, whatever would fit better", () => {
  const batcher = createBatcher(512);
  batcher.add(item(8, 2));
  batcher.add(item(8, 2));
  batcher.add(item(200, 1));
  assert.deepEqual(lengths(batcher.take()), [200]);
});

test("a batch has no more tokens than allowed, padding included; a longer text runs all the same", () => {
  const batcher = createBatcher(32);
  for (const length of [8, 10, 10, 10]) batcher.add(item(length));
  assert.deepEqual(lengths(batcher.take()), [8, 10, 10]);
  batcher.add(item(100, -1));
  assert.deepEqual(lengths(batcher.take()), [100]);
});

test("a text that was removed does not run", () => {
  const batcher = createBatcher(512);
  const gone = item(8);
  batcher.add(gone);
  batcher.add(item(9));
  assert.equal(batcher.remove(gone), true);
  assert.equal(batcher.remove(gone), false);
  assert.deepEqual([batcher.size, batcher.tokens], [1, 9]);
  assert.deepEqual(lengths(batcher.take()), [9]);
});

type Step = { readonly add: Waiting } | { readonly remove: number } | "take";

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ length: fc.integer({ min: 2, max: 256 }), due: fc.nat(50) }),
    },
    { weight: 1, arbitrary: fc.nat(20) },
    { weight: 2, arbitrary: fc.constant("take" as const) },
  ),
  { maxLength: 300 },
);

test("whatever comes and goes: all of it runs once, what is due first in the next batch, and no batch is too large", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 64, max: 1024 }), (list, maxTokens) => {
      const batcher = createBatcher(maxTokens);
      const waiting: Waiting[] = [];
      for (const step of [...list.map(toStep), ...list.map((): Step => "take")]) {
        if (step === "take") takeOne(batcher, waiting, maxTokens);
        else if ("add" in step) {
          batcher.add(step.add);
          waiting.push(step.add);
        } else {
          const [gone] = waiting.splice(step.remove % Math.max(1, waiting.length), 1);
          if (gone !== undefined) assert.equal(batcher.remove(gone), true);
        }
        assert.equal(batcher.size, waiting.length);
        assert.equal(batcher.tokens, total(waiting));
      }
      assert.deepEqual(waiting, []);
    }),
  );
});

function toStep(value: Waiting | number | "take"): Step {
  if (value === "take") return value;
  return typeof value === "number" ? { remove: value } : { add: { ...value } };
}

function takeOne(
  batcher: ReturnType<typeof createBatcher>,
  waiting: Waiting[],
  maxTokens: number,
): void {
  const batch = batcher.take();
  assert.equal(batch === undefined, waiting.length === 0);
  if (batch === undefined) return;
  const soonest = Math.min(...waiting.map(({ due }) => due));
  assert.ok(batch.some(({ due }) => due === soonest));
  const longest = Math.max(...batch.map(({ length }) => length));
  assert.ok(batch.length === 1 || batch.length * longest <= maxTokens);
  for (const one of batch) {
    const index = waiting.indexOf(one);
    assert.ok(index >= 0, "it ran twice");
    waiting.splice(index, 1);
  }
}

function total(list: readonly Waiting[]): number {
  return list.reduce((sum, { length }) => sum + length, 0);
}
