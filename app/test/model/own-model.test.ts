import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readConfig } from "../../src/config.ts";
import { startServer, type ServerProcess } from "../server-process.ts";

const { modelFolder } = readConfig(process.env);

/** A user's own folder: the same weights and words under another name, with nothing but what must be there, and `files`. */
async function ownFolder(
  context: TestContext,
  files: Readonly<Record<string, object>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "model-"));
  context.after(async () => rm(folder, { recursive: true }));
  await symlink(join(modelFolder, "model.onnx"), join(folder, "model.onnx"));
  await cp(join(modelFolder, "tokenizer.json"), join(folder, "tokenizer.json"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  return folder;
}

async function start(context: TestContext, env: Record<string, string>): Promise<ServerProcess> {
  const server = startServer(env);
  context.after(async () => {
    server.child.kill("SIGTERM");
    await server.exitCode();
  });
  await server.logged("ready");
  return server;
}

test("a user's own model answers under its name, and pools as its folder says", async (context) => {
  const config = { hidden_size: 384, _name_or_path: "acme/own", max_position_embeddings: 512 };
  const cls = { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false };
  const folder = await ownFolder(context, {
    "config.json": config,
    "1_Pooling/config.json": cls,
    "sentence_bert_config.json": { max_seq_length: 8 },
  });
  const own = await start(context, { MODEL_DIR: folder });
  const usual = await start(context, {});
  const input = "one two three";
  const answer = await own.embed({ input, model: "acme/own" });
  assert.equal(answer.model, "own");
  const [first] = answer.data;
  const [mean] = (await usual.embed({ input })).data;
  assert.notDeepEqual(first?.embedding, mean?.embedding);
  const long = await own.embed({ input: "word ".repeat(20) });
  assert.deepEqual([long.usage.prompt_tokens, long.truncated], [8, [0]]);
});

test("a folder with the least that it needs works, under the name that it is given", async (context) => {
  const folder = await ownFolder(context, { "config.json": { hidden_size: 384 } });
  const server = await start(context, { MODEL_DIR: folder, MODEL_NAME: "given" });
  const { model, data } = await server.embed({ input: "a", model: "given" });
  assert.deepEqual([model, data[0]?.embedding.length], ["given", 384]);
});

test("a folder whose size is not its model's is refused with both", async (context) => {
  const folder = await ownFolder(context, { "config.json": { hidden_size: 100 } });
  const server = startServer({ MODEL_DIR: folder });
  assert.equal(await server.exitCode(), 1);
  const line = await server.logged("the model cannot run");
  assert.match(JSON.stringify(line), /\[2, 64, 384\].*100/);
});

test("an unsupported pooling is refused by name", async (context) => {
  const folder = await ownFolder(context, {
    "config.json": { hidden_size: 384 },
    "1_Pooling/config.json": { pooling_mode_max_tokens: true },
  });
  const server = startServer({ MODEL_DIR: folder });
  assert.equal(await server.exitCode(), 1);
  assert.match(JSON.stringify(await server.logged("cannot start")), /pooling_mode_max_tokens/);
});
