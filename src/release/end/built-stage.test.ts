import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { config } from "../../../test/_helpers/session-world.ts";
import { explainBuiltStage } from "./built-stage.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "infer-deploy-stage-"));
});
afterAll(async () => rm(root, { recursive: true, force: true }));

async function explain(dockerfile: string, cause = "the container crashes: exit 1", more = "") {
  await writeFile(join(root, "Dockerfile"), dockerfile);
  const failure = { cause, where: "i-1", detail: [] };
  const ending = { outcome: "rolled-back" as const, stuck: false, failure };
  return (await explainBuiltStage({ config: config(more), root }, ending)).failure;
}

const staged = "FROM a AS serve\nFROM serve AS lint\nFROM lint AS test\nCMD pytest\n";

test("a crash of the last of several stages names it and the key that chooses another", async () => {
  const failure = await explain(staged);
  expect(failure?.cause).toBe(
    'the container crashes: exit 1. The image is the stage "test", the last of 3 in Dockerfile',
  );
  expect(failure?.next).toMatch(/^Set image\.target if another stage serves, such as lint/);
});

test("a last stage without a name has its number", async () => {
  expect((await explain("FROM a AS build\nFROM b\n"))?.cause).toContain('the stage "1"');
});

test.each([
  ["a Dockerfile with one stage", "FROM a\n", undefined, ""],
  ["a stage that the file chose", staged, undefined, "image: { target: test }"],
  ["another failure", staged, "the registry does not have the image", ""],
])("%s says nothing of stages", async (_, dockerfile, cause, more) => {
  const failure = await explain(dockerfile, cause, more);
  expect([failure?.cause, failure?.next]).toEqual([
    cause ?? "the container crashes: exit 1",
    undefined,
  ]);
});
