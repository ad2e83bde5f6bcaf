import assert from "node:assert/strict";
import { test } from "node:test";
import { sendEmbeddings, startServer } from "../server-process.ts";

const longText = "one word after another ".repeat(200);

test("SIGTERM, even twice, lets the requests in flight finish and ends with 0", async () => {
  const server = startServer();
  await server.logged("ready");
  const body = { input: Array.from({ length: 8 }, (_, index) => `${index} ${longText}`) };
  const { answer } = await sendEmbeddings(await server.address("/v1/embeddings"), body);
  // Connections are taken in their order: the request has been, once a later one has an answer.
  await server.get("/version");
  server.child.kill("SIGTERM");
  await server.logged("draining");
  server.child.kill("SIGTERM");
  assert.equal((await answer).data.length, 8);
  assert.equal(await server.exitCode(), 0);
  await server.logged("drained");
  assert.equal(server.lines.filter((line) => line["msg"] === "draining").length, 1);
});

test("SIGTERM while the model is being loaded ends with 0", async () => {
  const server = startServer();
  await server.logged("Server listening");
  server.child.kill("SIGTERM");
  assert.equal(await server.exitCode(), 0);
});
