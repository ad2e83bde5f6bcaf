import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../src/api-error.ts";
import { readEmbeddingRequest } from "../src/embedding-request.ts";

const limits = { bodyBytes: 1000, texts: 3, charactersPerText: 10 };

test("a string is a list of one", () => {
  assert.deepEqual(readEmbeddingRequest({ input: "one" }, limits), {
    texts: ["one"],
    encoding: "float",
  });
});

test("everything that OpenAI's clients send is understood", () => {
  const body = {
    model: "all-MiniLM-L6-v2",
    input: ["one", "two"],
    encoding_format: "base64",
    dimensions: 384,
    user: "someone",
  };
  assert.deepEqual(readEmbeddingRequest(body, limits), {
    texts: ["one", "two"],
    encoding: "base64",
  });
});

test("texts and lists at their limit are taken", () => {
  const body = { input: ["0123456789", "b", "c"] };
  assert.equal(readEmbeddingRequest(body, limits).texts.length, 3);
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
  ["another size", { input: "a", dimensions: 256 }, "dimensions"],
  ["a model that is no text", { input: "a", model: 1 }, "model"],
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
    readEmbeddingRequest(body, limits);
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error;
  }
  return assert.fail("the request was taken");
}
