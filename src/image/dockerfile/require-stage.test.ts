import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { config } from "../../../test/_helpers/session-world.ts";
import { requireStage } from "./require-stage.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "infer-deploy-stage-"));
});
afterAll(async () => rm(root, { recursive: true, force: true }));

async function check(dockerfile: string, image: string): Promise<void> {
  await writeFile(join(root, "Dockerfile"), dockerfile);
  await requireStage({ config: config(`image: ${image}`), root, placeOf: () => "f.yml:5:10" });
}

const staged = "FROM a AS build\nFROM b AS serve\nFROM serve\nCMD pytest\n";

test("a stage that the Dockerfile does not have is refused with the key's line and the names that it has", async () => {
  await expect(check(staged, "{ target: server }")).rejects.toMatchObject({
    message: "There is no stage server in Dockerfile.",
    exitCode: 64,
    where: "f.yml:5:10",
    why: "its stages are build, serve",
  });
  await expect(check(staged, "{ target: '3' }")).rejects.toMatchObject({ exitCode: 64 });
  await expect(check("FROM a\n", "{ target: serve }")).rejects.toMatchObject({
    why: "none of its stages has a name: the last one is 0",
  });
});

test.each([
  ["a stage by its name, whose case does not count", staged, "{ target: Serve }"],
  ["a stage by its number", staged, "{ target: '2' }"],
  ["no target", staged, "{}"],
  ["another language than Dockerfile's", "# syntax=acme/frontend\nbuild: {}\n", "{ target: x }"],
])("%s is left to the builder", async (_, dockerfile, image) => {
  await check(dockerfile, image);
});
