import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseStateInContext } from "./refuse-state-in-context.ts";

let context: string;
beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "context-"));
});
afterEach(() => rm(context, { recursive: true }));

const check = async (folder: string) =>
  refuseStateInContext(folder, { context, dockerfile: join(context, "Dockerfile") });

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
