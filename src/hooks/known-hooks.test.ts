import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hookFile, type HookName } from "./hook.ts";
import { agreeToHooks } from "./known-hooks.ts";

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "known-hooks-"));
  root = join(folder, "project");
  await mkdir(join(root, ".infer-deploy", "hooks"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function write(...names: readonly HookName[]): Promise<void> {
  for (const name of names) {
    await writeFile(hookFile(root, name), "#!/bin/sh\n");
    await chmod(hookFile(root, name), 0o755);
  }
}

async function agree(answer: boolean, where = root): Promise<readonly string[]> {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  await agreeToHooks({ reporter: { ask }, root: where, stateFolder: join(folder, "state") });
  return asked;
}

test("without hooks nothing is asked", async () => {
  expect(await agree(false)).toEqual([]);
});

test("hooks are named before their first run, once, and a new one again", async () => {
  await write("pre-build", "on-failure");
  const [question] = await agree(true);
  expect(question).toContain(`${hookFile(root, "pre-build")}, ${hookFile(root, "on-failure")}`);
  expect(await agree(false)).toEqual([]);
  await write("post-shift");
  const [again] = await agree(true);
  expect(again).toContain("post-shift");
  expect(again).not.toContain("pre-build");
});

test("the same hook in another folder is another one", async () => {
  await write("pre-build");
  await agree(true);
  const other = join(folder, "other");
  await mkdir(join(other, ".infer-deploy", "hooks"), { recursive: true });
  await writeFile(hookFile(other, "pre-build"), "");
  expect(await agree(true, other)).toHaveLength(1);
});

test("a no ends the verb, and is asked again", async () => {
  await write("pre-build");
  await expect(agree(false)).rejects.toMatchObject({
    exitCode: 1,
    next: expect.stringContaining("--skip-hooks"),
  });
  expect(await agree(true)).toHaveLength(1);
  const [file = ""] = await readdir(join(folder, "state", "hooks"));
  expect((await stat(join(folder, "state", "hooks", file))).mode & 0o077).toBe(0);
});
