import assert from "node:assert/strict";
import { test } from "node:test";
import { shorten, writeVector, type Encoding } from "../src/embedding-json.ts";
import { formatResponse } from "../src/embedding-response.ts";
import type { EmbeddingResponse } from "./embedding-answer.ts";

const vectors = [Float32Array.of(0.1, -0.25), Float32Array.of(1 / 3, 2e-8)];

function respond(list: readonly Float32Array[], encoding: Encoding, cut: readonly number[] = []) {
  const texts = list.map((vector, index) => ({
    json: writeVector(vector, encoding),
    tokens: 4,
    isTruncated: cut.includes(index),
  }));
  return JSON.parse(String(formatResponse({ texts }, 'a "model"'))) as EmbeddingResponse;
}

test("numbers come back as the same 32-bit numbers, in the texts' order", () => {
  const { data, model, object } = respond(vectors, "float");
  assert.deepEqual([object, model], ["list", 'a "model"']);
  assert.deepEqual(
    data.map((entry) => [entry.object, entry.index]),
    [
      ["embedding", 0],
      ["embedding", 1],
    ],
  );
  const read = data.map((entry) => Float32Array.from(entry.embedding as readonly number[]));
  assert.deepEqual(read, vectors);
});

test("every kind of 32-bit number comes back as it was", () => {
  const numbers: number[] = [0, -0, 1, -1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-45];
  // Just below and above each power of ten, where a digit more or less is needed.
  for (let power = 1; power > 1e-9; power /= 10) {
    for (const factor of [0.99999994, 0.9999999, 1.0000001, 1.5, 3.4, 9.999999]) {
      numbers.push(power * factor, -power * factor);
    }
  }
  let seed = 1;
  for (let count = 0; count < 20_000; count += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    numbers.push(((seed / 2_147_483_647) * 2 - 1) * 10 ** -(count % 9));
  }
  const vector = Float32Array.from(numbers);
  const read = JSON.parse(String(writeVector(vector, "float"))) as number[];
  assert.deepEqual(
    Float32Array.from(read),
    vector.map((value) => value + 0),
  );
});

test("base64 is the numbers' bytes, little-endian", () => {
  const { data } = respond(vectors, "base64");
  const bytes = Buffer.from(data[1]?.embedding as string, "base64");
  assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4)], [...(vectors[1] ?? [])]);
});

test("base64 of a part of a larger buffer has that part only", () => {
  const whole = Float32Array.of(9, 0.5, 0.75, 9);
  const { data } = respond([whole.subarray(1, 3)], "base64");
  const bytes = Buffer.from(String(data[0]?.embedding), "base64");
  assert.equal(bytes.length, 8);
  assert.equal(bytes.readFloatLE(0), 0.5);
});

test("usage counts the tokens, and texts that were cut are named", () => {
  assert.deepEqual(respond(vectors, "float").usage, { prompt_tokens: 8, total_tokens: 8 });
  assert.deepEqual(respond(vectors, "float", [1]).truncated, [1]);
  assert.equal(respond(vectors, "float").truncated, undefined);
});

test("fewer dimensions are the first ones, of length 1 again", () => {
  const vector = Float32Array.of(0.6, 0, 0.8);
  assert.deepEqual([...shorten(vector, 2)], [1, 0]);
  assert.equal(shorten(vector, 3), vector);
  assert.deepEqual([...shorten(Float32Array.of(0, 1), 1)], [0]);
});
