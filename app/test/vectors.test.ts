import assert from "node:assert/strict";
import { test } from "node:test";
import { pool } from "../src/pooling.ts";

test("the mean of the rows has length 1, and padding does not count", () => {
  const rows = Float32Array.of(2, 0, 4, 8, 99, 99);
  const vector = new Float32Array(2);
  pool(rows, 2, vector);
  assert.deepEqual([...vector], [...Float32Array.of(0.6, 0.8)]);
});

test("a vector of zeros stays one", () => {
  const vector = Float32Array.of(5, 5);
  pool(new Float32Array(4), 2, vector);
  assert.deepEqual([...vector], [0, 0]);
});
