import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createCache, entryBytes } from "../src/cache.ts";

const kept = (count: number) => count * (100 + entryBytes);

test("what was used least recently goes first", () => {
  const cache = createCache<string>(kept(3));
  for (const key of ["a", "b", "c"]) cache.set(key, key, 100);
  assert.equal(cache.get("a"), "a");
  cache.set("d", "d", 100);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => cache.get(key)),
    ["a", undefined, "c", "d"],
  );
});

test("a value that would take most of it is not kept, and throws nothing out", () => {
  const cache = createCache<string>(kept(3));
  cache.set("a", "a", 100);
  cache.set("large", "large", kept(2));
  assert.equal(cache.get("large"), undefined);
  assert.equal(cache.get("a"), "a");
});

test("a cache of no bytes keeps nothing", () => {
  const cache = createCache<string>(0);
  cache.set("a", "a", 0);
  assert.deepEqual([cache.get("a"), cache.size, cache.bytes], [undefined, 0, 0]);
});

const uses = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 20 }).map(String),
    bytes: fc.option(fc.nat(400), { nil: undefined }),
  }),
  { maxLength: 200 },
);

test("whatever is kept and asked for: it never grows beyond its bytes, and answers as a list that is searched would", () => {
  fc.assert(
    fc.property(uses, fc.nat(5000), (list, maxBytes) => {
      const cache = createCache<number>(maxBytes);
      // Least recently used first.
      let model: { key: string; value: number; bytes: number }[] = [];
      for (const [value, { key, bytes }] of list.entries()) {
        const known = model.find((entry) => entry.key === key);
        if (bytes === undefined) {
          assert.equal(cache.get(key), known?.value);
          if (known !== undefined) model = [...model.filter((one) => one !== known), known];
          continue;
        }
        cache.set(key, value, bytes);
        const size = bytes + entryBytes;
        if (size > maxBytes / 2) continue;
        model = [...model.filter((one) => one !== known), { key, value, bytes: size }];
        while (sum(model) > maxBytes) model.shift();
        assert.deepEqual([cache.bytes, cache.size], [sum(model), model.length]);
      }
    }),
  );
});

function sum(entries: readonly { readonly bytes: number }[]): number {
  return entries.reduce((total, { bytes }) => total + bytes, 0);
}
