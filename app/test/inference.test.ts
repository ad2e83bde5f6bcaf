import assert from "node:assert/strict";
import { test } from "node:test";
import { startInference } from "../src/inference.ts";
import { startServer } from "./server-process.ts";

test("ONNX Runtime is told not to report before its thread starts", async () => {
  delete process.env["ORT_DISABLE_TELEMETRY"];
  const inference = startInference({ modelFolder: "/nowhere", threads: 1 });
  assert.equal(process.env["ORT_DISABLE_TELEMETRY"], "1");
  await inference.died;
});

test("a thread that cannot load its model says why, and fails those who wait", async () => {
  const inference = startInference({ modelFolder: "/nowhere", threads: 1 });
  assert.equal(inference.ready(), false);
  const waiting = inference.embed(["a"]);
  await assert.rejects(waiting, /\/nowhere/);
  assert.match((await inference.died).message, /\/nowhere/);
  assert.equal(inference.ready(), false);
});

test("a server without a model ends with 1 and names the file", async () => {
  const server = startServer({ MODEL_DIR: "/nowhere" });
  assert.equal(await server.exitCode(), 1);
  const line = await server.logged("the model cannot run");
  assert.match(JSON.stringify(line), /\/nowhere/);
});

test("a server with a senseless setting ends with 1 and names it", async () => {
  const server = startServer({ PORT: "eighty" });
  assert.equal(await server.exitCode(), 1);
  assert.match(JSON.stringify(await server.logged("cannot start")), /PORT must be/);
});
