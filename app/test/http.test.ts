import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorBody } from "../src/api-error.ts";
import type { EmbeddingResponse } from "./embedding-answer.ts";
import { startHttp } from "./http-fixture.ts";

const embeddings = { method: "POST", url: "/v1/embeddings" } as const;

test("embeddings come in OpenAI's format", async () => {
  const { app } = startHttp();
  const reply = await app.inject({ ...embeddings, payload: { input: ["ab", "c"] } });
  assert.equal(reply.statusCode, 200);
  const body = reply.json<EmbeddingResponse>();
  assert.deepEqual([body.object, body.model], ["list", "all-MiniLM-L6-v2"]);
  assert.deepEqual(body.usage, { prompt_tokens: 3, total_tokens: 3 });
  assert.equal(body.data[0]?.object, "embedding");
  assert.equal(body.data[0]?.embedding.length, 384);
});

test("what is wrong with a request is said in OpenAI's form", async () => {
  const { app, inference } = startHttp();
  const reply = await app.inject({ ...embeddings, payload: { input: [] } });
  assert.equal(reply.statusCode, 400);
  assert.deepEqual(reply.json<ErrorBody>(), {
    error: {
      message: "'input' is an empty list.",
      type: "invalid_request_error",
      param: "input",
      code: "invalid_value",
    },
  });
  assert.deepEqual(inference.calls, []);
});

for (const [why, request, status, code] of [
  ["broken JSON", { payload: '{"input":', headers: json() }, 400, "invalid_json"],
  ["an empty body", { payload: "", headers: json() }, 400, "invalid_json"],
  [
    "a form instead of JSON",
    { payload: "input=a", headers: json("application/x-www-form-urlencoded") },
    415,
    "unsupported_media_type",
  ],
  ["a body over the limit", { payload: { input: "a".repeat(200) } }, 413, "body_too_large"],
  ["an unknown address", { method: "GET", url: "/v2" }, 404, "unknown_url"],
  ["another method", { method: "DELETE" }, 405, "method_not_allowed"],
  ["an unknown method", { method: "QUERY", headers: json() }, 405, "method_not_allowed"],
  ["an address that is not text", { method: "GET", url: "/%E0%A4%A" }, 400, "bad_request"],
] as const) {
  test(`${why}: ${status} ${code}`, async () => {
    const { app } = startHttp({ MAX_BODY_BYTES: "100" });
    const reply = await app.inject({ ...embeddings, ...request });
    assert.deepEqual([reply.statusCode, reply.json<ErrorBody>().error.code], [status, code]);
  });
}

test("while the model is loaded the process lives, is not ready, and says when to come back", async () => {
  const { app, inference } = startHttp();
  inference.isReady = false;
  assert.equal((await app.inject("/healthz")).statusCode, 200);
  assert.equal((await app.inject("/readyz")).statusCode, 503);
  const reply = await app.inject({ ...embeddings, payload: { input: "a" } });
  assert.equal(reply.statusCode, 503);
  assert.equal(reply.headers["retry-after"], "1");
  assert.equal(reply.json<ErrorBody>().error.type, "server_error");
  inference.isReady = true;
  assert.equal((await app.inject("/readyz")).statusCode, 200);
});

test("the version is the one that was deployed", async () => {
  const { app } = startHttp();
  assert.deepEqual((await app.inject("/version")).json(), {
    version: "1.4.0",
    release: "7",
    model: "all-MiniLM-L6-v2",
    precision: "exact",
    digest: "0".repeat(64),
  });
});

test("the model is listed as OpenAI's clients expect it", async () => {
  const { app } = startHttp();
  const { object, data } = (await app.inject("/v1/models")).json<{
    object: string;
    data: readonly { created: number }[];
  }>();
  assert.equal(object, "list");
  const [{ created, ...listed } = { created: 0 }] = data;
  assert.deepEqual(
    [data.length, listed],
    [1, { id: "all-MiniLM-L6-v2", object: "model", owned_by: "sentence-transformers" }],
  );
  assert.ok(Math.abs(created - Date.now() / 1000) < 60);
});

test("every answer names its version, errors too", async () => {
  const { app } = startHttp();
  const replies = await Promise.all([app.inject("/readyz"), app.inject("/no-such-page")]);
  for (const reply of replies) {
    assert.equal(reply.headers["x-app-version"], "1.4.0");
  }
});

test("a poisoned prototype is ignored", async () => {
  const { app, inference } = startHttp();
  const payload = '{"__proto__":{"input":"bad"},"constructor":{"prototype":{}},"input":"good"}';
  const reply = await app.inject({ ...embeddings, payload, headers: json() });
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(inference.calls, [["good"]]);
});

test("an address that takes another method says which", async () => {
  const { app } = startHttp();
  const reply = await app.inject({ method: "GET", url: "/v1/embeddings" });
  assert.deepEqual([reply.statusCode, reply.headers["allow"]], [405, "POST"]);
});

test("every answer can be found in the logs by its id, the caller's own where it sent a plain one", async () => {
  const { app, logged } = startHttp();
  const own = await app.inject({ url: "/version", headers: { "x-request-id": "a-1:b" } });
  assert.equal(own.headers["x-request-id"], "a-1:b");
  assert.equal((JSON.parse(logged.at(-1) ?? "") as { id: string }).id, "a-1:b");
  const odd = await app.inject({ url: "/version", headers: { "x-request-id": "a b" } });
  assert.match(String(odd.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
});

test("answers carry the headers of one that no browser shows, and none that says what made them", async () => {
  const { app } = startHttp();
  const { headers } = await app.inject({ ...embeddings, payload: { input: "a" } });
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  assert.deepEqual([headers["x-powered-by"], headers["server"]], [undefined, undefined]);
});

test("a text that was cut is named in the answer", async () => {
  const { app } = startHttp();
  const input = ["a", "b".repeat(300)];
  const reply = await app.inject({ ...embeddings, payload: { input } });
  assert.deepEqual(reply.json<EmbeddingResponse>().truncated, [1]);
  const short = await app.inject({ ...embeddings, payload: { input: "a" } });
  assert.equal("truncated" in short.json<object>(), false);
});

test("a request without an answer in time ends with an error that says when to retry", async () => {
  const { app, inference } = startHttp({ REQUEST_SECONDS: "1" });
  inference.hold();
  const reply = await app.inject({ ...embeddings, payload: { input: "a" } });
  assert.equal(reply.statusCode, 503);
  assert.equal(reply.headers["retry-after"], "1");
  assert.equal(reply.json<ErrorBody>().error.code, "deadline_exceeded");
  assert.ok(inference.over);
});

test("the OpenAPI document names every route", async () => {
  const { app } = startHttp();
  const reply = await app.inject("/openapi.json");
  const { paths } = reply.json<{ paths: Record<string, object> }>();
  assert.deepEqual(Object.keys(paths).toSorted(), [
    "/healthz",
    "/metrics",
    "/openapi.json",
    "/readyz",
    "/v1/embeddings",
    "/v1/models",
    "/version",
  ]);
  const documented = Object.entries(paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => app.hasRoute({ url, method: method.toUpperCase() })),
  );
  assert.ok(documented.every(Boolean));
});

test("an internal failure is a 500 without details, and the log has everything", async () => {
  const { app, inference, logged } = startHttp();
  inference.failure = new Error("the model broke");
  const reply = await app.inject({ ...embeddings, payload: { input: "a" } });
  assert.equal(reply.statusCode, 500);
  assert.doesNotMatch(reply.body, /broke/);
  assert.match(logged.join(""), /the model broke/);
});

test("no text of a user reaches the logs", async () => {
  const { app, inference, logged } = startHttp({ MAX_BODY_BYTES: "500" });
  const secret = "xyzzy";
  const headers = json();
  for (const payload of [
    `{"input":"${secret}"}`,
    `{"input": ${secret}}`,
    `{"input":["${secret}",1]}`,
    `{"model":"${secret}","input":"a"}`,
    `{"input":"${secret.repeat(200)}"}`,
  ]) {
    await app.inject({ ...embeddings, payload, headers });
    await app.inject({ method: "GET", url: `/v1/${secret}?text=${secret}` });
  }
  inference.failure = new Error("broken");
  await app.inject({ ...embeddings, payload: { input: secret } });
  assert.ok(logged.length >= 11);
  assert.doesNotMatch(logged.join(""), new RegExp(secret));
});

test("log lines are JSON with the route, the status and the time", async () => {
  const { app, logged } = startHttp();
  await app.inject({ ...embeddings, payload: { input: "a" } });
  const line = JSON.parse(logged.at(-1) ?? "") as Record<string, unknown>;
  assert.deepEqual(
    [line["msg"], line["method"], line["route"], line["status"]],
    ["request", "POST", "/v1/embeddings", 200],
  );
  assert.deepEqual([line["texts"], line["tokens"], line["batch"], line["hits"]], [1, 1, 1, 0]);
  assert.equal(typeof line["milliseconds"], "number");
});

test("metrics count requests by route and status", async () => {
  const { app } = startHttp();
  await app.inject({ ...embeddings, payload: { input: ["ab", "c"] } });
  await app.inject({ ...embeddings, payload: { input: 1 } });
  await app.inject("/no/such/address");
  const { body } = await app.inject("/metrics");
  const post = 'http_request_duration_seconds_count{method="POST",route="/v1/embeddings"';
  assert.ok(body.includes(`${post},status="200"} 1\n`));
  assert.ok(body.includes(`${post},status="400"} 1\n`));
  assert.ok(body.includes('{method="GET",route="unknown",status="404"} 1\n'));
  assert.ok(body.includes("cache_hits_total 0\n"));
  assert.ok(body.includes("model_ready 1\n"));
});

function json(type = "application/json"): { "content-type": string } {
  return { "content-type": type };
}
