import assert from "node:assert/strict";
import { test } from "node:test";
import { formatResponse } from "../src/embedding-response.ts";

const vectors = [Float32Array.of(0.1, -0.25), Float32Array.of(1 / 3, 2e-8)];
const embeddings = { vectors, tokens: 9, milliseconds: 1 };

test("numbers come back as the same 32-bit numbers, in the texts' order", () => {
  const { data } = formatResponse(embeddings, "float");
  assert.deepEqual(
    data.map((entry) => entry.index),
    [0, 1],
  );
  const read = data.map((entry) => Float32Array.from(entry.embedding as readonly number[]));
  assert.deepEqual(read, vectors);
});

test("base64 is the numbers' bytes, little-endian", () => {
  const { data } = formatResponse(embeddings, "base64");
  const bytes = Buffer.from(data[1]?.embedding as string, "base64");
  assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4)], [...(vectors[1] ?? [])]);
});

test("base64 of a part of a larger buffer has that part only", () => {
  const whole = Float32Array.of(9, 0.5, 0.75, 9);
  const part = { vectors: [whole.subarray(1, 3)], tokens: 1, milliseconds: 1 };
  const bytes = Buffer.from(String(formatResponse(part, "base64").data[0]?.embedding), "base64");
  assert.equal(bytes.length, 8);
  assert.equal(bytes.readFloatLE(0), 0.5);
});

test("usage counts the tokens", () => {
  assert.deepEqual(formatResponse(embeddings, "float").usage, {
    prompt_tokens: 9,
    total_tokens: 9,
  });
});
