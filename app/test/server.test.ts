import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startServer } from "./server-process.ts";

test("a server without a model ends with 1 and names the file", async () => {
  const server = startServer({ MODEL_DIR: "/nowhere" });
  assert.equal(await server.exitCode(), 1);
  assert.match(JSON.stringify(await server.logged("cannot start")), /\/nowhere\/config\.json/);
});

test("a server whose model cannot be loaded ends with 1 and says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "model-"));
  await writeFile(join(folder, "config.json"), '{"hidden_size": 4}');
  await writeFile(join(folder, "tokenizer_config.json"), "{}");
  const unused = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  const tokenizer = { ...unused, added_tokens: [], model: { type: "BPE", vocab: {}, merges: [] } };
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  await writeFile(join(folder, "model.onnx"), "no model");
  const server = startServer({ MODEL_DIR: folder });
  assert.equal(await server.exitCode(), 1);
  assert.match(JSON.stringify(await server.logged("the model cannot run")), /model\.onnx/);
  await rm(folder, { recursive: true });
});

test("a server with a senseless setting ends with 1 and names it", async () => {
  const server = startServer({ PORT: "eighty" });
  assert.equal(await server.exitCode(), 1);
  assert.match(JSON.stringify(await server.logged("cannot start")), /PORT must be/);
});
