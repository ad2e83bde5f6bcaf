import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { type ServerProcess, startServer } from "../server-process.ts";

const reference = JSON.parse(
  readFileSync(new URL("../reference-embeddings.json", import.meta.url), "utf8"),
) as readonly { text: string; tokens: number; embedding: readonly number[] }[];
const longText = "one word after another ".repeat(200);

let server: ServerProcess;

before(async () => {
  server = startServer({ INFER_DEPLOY_VERSION: "1.4.0", INFER_DEPLOY_RELEASE: "7" });
  await server.logged("ready");
});

after(async () => {
  server.child.kill("SIGTERM");
  await server.exitCode();
});

test("it is ready and says what it is", async () => {
  assert.equal((await server.get("/readyz")).status, 200);
  assert.deepEqual(await (await server.get("/version")).json(), {
    version: "1.4.0",
    release: "7",
    model: "all-MiniLM-L6-v2",
  });
});

for (const [index, { text, tokens, embedding }] of reference.entries()) {
  test(`sentence ${index} has the reference's embedding and tokens`, async () => {
    const { data, usage } = await server.embed({ input: text });
    assert.equal(usage.prompt_tokens, tokens);
    const vector = data[0]?.embedding as readonly number[];
    assert.equal(vector.length, 384);
    assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5);
    assert.ok(dot(vector, embedding) >= 0.9999);
  });
}

test("a text has the same vector alone and among others", async () => {
  const texts = reference.map((entry) => entry.text);
  const { data, usage } = await server.embed({ input: [longText, ...texts] });
  const expected = reference.reduce((sum, entry) => sum + entry.tokens, 256);
  assert.equal(usage.total_tokens, expected);
  for (const [index, text] of texts.entries()) {
    const alone = (await server.embed({ input: text })).data[0]?.embedding as readonly number[];
    const among = data[index + 1]?.embedding as readonly number[];
    for (const [position, value] of alone.entries()) {
      assert.ok(Math.abs(value - (among[position] ?? NaN)) < 1e-5);
    }
  }
});

test("base64 carries the same numbers", async () => {
  const input = "Hello";
  const floats = (await server.embed({ input })).data[0]?.embedding as readonly number[];
  const { data } = await server.embed({ input, encoding_format: "base64" });
  const bytes = Buffer.from(String(data[0]?.embedding), "base64");
  assert.equal(bytes.length, 384 * 4);
  for (const [index, value] of floats.entries()) {
    assert.equal(bytes.readFloatLE(index * 4), Math.fround(value));
  }
});

test("odd texts are embedded all the same", async () => {
  const input = [" ", "\n", "\u0000", "\ud800", "🙂".repeat(300), "x".repeat(5000)];
  const { data } = await server.embed({ input });
  for (const { embedding } of data) {
    assert.ok((embedding as readonly number[]).every(Number.isFinite));
  }
});

test("/healthz answers while the model works", async () => {
  let working = true;
  const work = server.embed({ input: Array.from({ length: 16 }, () => longText) }).then((body) => {
    working = false;
    return body;
  });
  for (let count = 0; count < 5; count += 1) {
    assert.equal((await server.get("/healthz")).status, 200);
  }
  assert.ok(working);
  assert.equal((await work).data.length, 16);
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}
