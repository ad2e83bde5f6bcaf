import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseHomeInContext, refuseProjectStateInContext } from "./refuse-state-in-context.ts";

let context: string;
beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "context-"));
});
afterEach(() => rm(context, { recursive: true }));

const source = () => ({ context, dockerfile: join(context, "Dockerfile") });
const check = async (folder: string) => refuseHomeInContext(folder, source());

test("a home that is the build context keeps no state in it", async () => {
  await expect(check(join(context, ".local/state/infer-deploy"))).rejects.toMatchObject({
    exitCode: 64,
    why: expect.stringContaining(context),
    next: expect.stringContaining("XDG_STATE_HOME"),
  });
});

test("state elsewhere, or left out by .dockerignore, is not built in", async () => {
  await check(join(context, "../state"));
  await check(`${context}-state`);
  await writeFile(join(context, ".dockerignore"), ".local\n");
  await check(join(context, ".local/state/infer-deploy"));
});

test("a state in the project is refused with the line for .dockerignore", async () => {
  const folder = join(context, ".infer-deploy");
  await expect(refuseProjectStateInContext(folder, source())).rejects.toMatchObject({
    exitCode: 64,
    next: expect.stringMatching(/^name \.infer-deploy in \.dockerignore, or move the Dockerfile/),
  });
  await writeFile(join(context, ".dockerignore"), ".infer-deploy\n");
  await refuseProjectStateInContext(folder, source());
});
