import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { type ServerProcess, startServer } from "../server-process.ts";

// The client library that users have, with nothing but another address.
let server: ServerProcess;
let client: OpenAI;

before(async () => {
  server = startServer({ MAX_TEXTS: "3" });
  await server.logged("ready");
  const { href } = await server.address("/v1");
  client = new OpenAI({ baseURL: href, apiKey: "none", maxRetries: 0 });
});

after(async () => {
  server.child.kill("SIGTERM");
  await server.exitCode();
});

test("OpenAI's client gets vectors, in base64 by default and as numbers", async () => {
  const model = "all-MiniLM-L6-v2";
  const { data, usage } = await client.embeddings.create({ model, input: ["one", "two"] });
  assert.deepEqual(
    data.map(({ index, embedding }) => [index, embedding.length]),
    [
      [0, 384],
      [1, 384],
    ],
  );
  assert.equal(usage.prompt_tokens, 6);
  const numbers = await client.embeddings.create({ model, input: "one", encoding_format: "float" });
  for (const [index, value] of (numbers.data[0]?.embedding ?? []).entries()) {
    assert.equal(Math.fround(value), data[0]?.embedding[index]);
  }
});

test("OpenAI's client gets fewer dimensions", async () => {
  const answer = await client.embeddings.create({
    model: "all-MiniLM-L6-v2",
    input: "one",
    dimensions: 128,
  });
  assert.equal(answer.data[0]?.embedding.length, 128);
});

test("OpenAI's client understands what is wrong", async () => {
  const model = "all-MiniLM-L6-v2";
  await assert.rejects(
    client.embeddings.create({ model, input: ["a", "b", "c", "d"] }),
    (error) =>
      error instanceof OpenAI.BadRequestError &&
      error.param === "input" &&
      error.code === "invalid_value" &&
      /at most 3/.test(error.message),
  );
  await assert.rejects(
    client.embeddings.create({ model: "gpt-4", input: "a" }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found",
  );
});
