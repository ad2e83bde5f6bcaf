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
  const { digest, ...rest } = (await (await server.get("/version")).json()) as { digest: string };
  assert.deepEqual(rest, {
    version: "1.4.0",
    release: "7",
    model: "all-MiniLM-L6-v2",
    precision: "exact",
  });
  assert.match(digest, /^[0-9a-f]{64}$/);
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
  // Told apart from the texts above, so that none comes from the cache.
  const texts = reference.map((entry) => `${entry.text} again`);
  const { data, usage, truncated } = await server.embed({ input: [longText, ...texts] });
  const long = reference.flatMap(({ tokens }, index) => (tokens === 256 ? [index + 1] : []));
  assert.deepEqual(truncated, [0, ...long]);
  assert.ok(usage.total_tokens > 256);
  await withServer({ CACHE_MEGABYTES: "0" }, async (other) => {
    for (const [index, text] of texts.entries()) {
      const alone = (await other.embed({ input: text })).data[0]?.embedding as readonly number[];
      const among = data[index + 1]?.embedding as readonly number[];
      assert.ok(dot(alone, among) >= 0.9999);
      for (const [position, value] of alone.entries()) {
        assert.ok(Math.abs(value - (among[position] ?? NaN)) < 1e-5);
      }
    }
  });
});

test("many at once get what each gets alone, in batches", async () => {
  await withServer({ CACHE_MEGABYTES: "0" }, async (other) => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) =>
        other.embed({ input: reference[index % reference.length]?.text }),
      ),
    );
    for (const [index, { data }] of answers.entries()) {
      const vector = data[0]?.embedding as readonly number[];
      assert.ok(dot(vector, reference[index % reference.length]?.embedding ?? []) >= 0.9999);
    }
    const largest = Math.max(...other.lines.map((line) => Number(line["batch"] ?? 0)));
    assert.ok(largest > 1, "nothing ran together");
  });
});

test("fewer dimensions are the first ones, of length 1", async () => {
  const [whole] = (await server.embed({ input: "Hello" })).data;
  const [part] = (await server.embed({ input: "Hello", dimensions: 64 })).data;
  const vector = part?.embedding as readonly number[];
  assert.equal(vector.length, 64);
  assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5);
  const all = whole?.embedding as readonly number[];
  const first = all.slice(0, 64);
  assert.ok(Math.abs(dot(vector, first) - Math.sqrt(dot(first, first))) < 1e-5);
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
  const work = server.embed({ input: longTexts(16) }).then((body) => {
    working = false;
    return body;
  });
  for (let count = 0; count < 5; count += 1) {
    assert.equal((await server.get("/healthz")).status, 200);
  }
  assert.ok(working);
  assert.equal((await work).data.length, 16);
});

/** Each of them another one, so that none comes from the cache. */
function longTexts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${index} ${longText}`);
}

async function withServer(
  env: Record<string, string>,
  work: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const other = startServer(env);
  try {
    await other.logged("ready");
    await work(other);
  } finally {
    other.child.kill("SIGTERM");
    await other.exitCode();
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}
