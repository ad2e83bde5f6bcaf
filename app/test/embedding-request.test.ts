import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../src/api-error.ts";
import { readEmbeddingRequest } from "../src/embedding-request.ts";
import { model } from "./http-fixture.ts";

const rules = { limits: { texts: 3, charactersPerText: 10 }, model };

test("a string is a list of one", () => {
  assert.deepEqual(readEmbeddingRequest({ input: "one" }, rules), {
    texts: ["one"],
    encoding: "float",
    dimensions: 384,
  });
});

test("everything that OpenAI's clients send is understood", () => {
  const body = {
    model: "all-MiniLM-L6-v2",
    input: ["one", "two"],
    encoding_format: "base64",
    dimensions: 256,
    user: "someone",
  };
  assert.deepEqual(readEmbeddingRequest(body, rules), {
    texts: ["one", "two"],
    encoding: "base64",
    dimensions: 256,
  });
});

test("texts and lists at their limit are taken", () => {
  const body = { input: ["0123456789", "b", "c"] };
  assert.equal(readEmbeddingRequest(body, rules).texts.length, 3);
});

test("half of a surrogate pair becomes the sign for what cannot be read", () => {
  assert.deepEqual(readEmbeddingRequest({ input: "a\ud800" }, rules).texts, ["a\ufffd"]);
});

for (const [why, body, param] of [
  ["no object", "text", null],
  ["a list", [], null],
  ["null", null, null],
  ["no input", {}, "input"],
  ["input null", { input: null }, "input"],
  ["an empty list", { input: [] }, "input"],
  ["an empty text", { input: ["a", ""] }, "input"],
  ["a number in the list", { input: ["a", 1] }, "input"],
  ["a list of tokens", { input: [1, 2, 3] }, "input"],
  ["too many texts", { input: ["a", "b", "c", "d"] }, "input"],
  ["a long text", { input: "0123456789a" }, "input"],
  ["another encoding", { input: "a", encoding_format: "int8" }, "encoding_format"],
  ["more numbers than there are", { input: "a", dimensions: 385 }, "dimensions"],
  ["no numbers at all", { input: "a", dimensions: 0 }, "dimensions"],
  ["half a number", { input: "a", dimensions: 1.5 }, "dimensions"],
  ["a user that is not text", { input: "a", user: 7 }, "user"],
  ["a model that is not text", { input: "a", model: 1 }, "model"],
] as const) {
  test(`${why} is refused with 400 and the parameter's name`, () => {
    const error = refusal(body);
    assert.deepEqual([error.status, error.param], [400, param]);
  });
}

test("another model is not found, as with OpenAI", () => {
  const error = refusal({ input: "a", model: "gpt-4" });
  assert.deepEqual([error.status, error.code], [404, "model_not_found"]);
});

function refusal(body: unknown): ApiError {
  try {
    readEmbeddingRequest(body, rules);
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error;
  }
  return assert.fail("the request was taken");
}
