import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFiles } from "./write-files.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "write-files-")), "stack");
});
afterEach(async () => {
  await rm(join(folder, ".."), { recursive: true, force: true });
});

const first = new Map([
  ["main.tf", "one\n"],
  ["modules/a/main.tf", "two\n"],
]);

test("writes all files into a folder that is not there yet", async () => {
  expect(await writeFiles(folder, first)).toEqual(["main.tf", "modules/a/main.tf"]);
  expect(await readFile(join(folder, "modules/a/main.tf"), "utf8")).toBe("two\n");
});

test("a second time nothing is touched", async () => {
  await writeFiles(folder, first);
  const before = await listTimes();
  expect(await writeFiles(folder, first)).toEqual([]);
  expect(await listTimes()).toEqual(before);
});

test("writes what differs, including edited files, and removes what is no longer needed", async () => {
  await writeFiles(folder, first);
  await writeFile(join(folder, "main.tf"), "edited\n");
  expect(await writeFiles(folder, new Map([["main.tf", "one\n"]]))).toEqual([
    "main.tf",
    "modules/a/main.tf",
  ]);
  expect(await readFile(join(folder, "main.tf"), "utf8")).toBe("one\n");
  expect(await listFiles()).toEqual([".infer-deploy-files", "main.tf"]);
});

test("terraform's own files and those of the user stay", async () => {
  await writeFiles(folder, first);
  await mkdir(join(folder, ".terraform"));
  for (const path of [".terraform/x", ".terraform.lock.hcl", "errored.tfstate", "mine.tf"]) {
    await writeFile(join(folder, path), "theirs");
  }
  await writeFiles(folder, new Map([["main.tf", "three\n"]]));
  expect(await listFiles()).toEqual([
    ".infer-deploy-files",
    ".terraform.lock.hcl",
    ".terraform/x",
    "errored.tfstate",
    "main.tf",
    "mine.tf",
  ]);
});

test("a folder with other people's files of the same name is refused before anything is written", async () => {
  await mkdir(folder);
  await writeFile(join(folder, "main.tf"), "theirs");
  await expect(writeFiles(folder, first)).rejects.toMatchObject({
    name: "CommandError",
    exitCode: 64,
    detail: ["main.tf"],
  });
  expect(await listFiles()).toEqual(["main.tf"]);
  expect(await readFile(join(folder, "main.tf"), "utf8")).toBe("theirs");
});

test("a run that was killed between the manifest and the files is completed by the next", async () => {
  await mkdir(folder);
  await writeFile(join(folder, ".infer-deploy-files"), "main.tf\nold.tf\n");
  await writeFile(join(folder, "old.tf"), "old");
  await writeFiles(folder, first);
  expect(await listFiles()).toEqual([".infer-deploy-files", "main.tf", "modules/a/main.tf"]);
});

test("a link is not written through", async () => {
  const victim = join(folder, "..", "victim");
  await mkdir(folder);
  await writeFile(victim, "theirs");
  for (const name of ["main.tf.new", ".infer-deploy-files.new"])
    await symlink(victim, join(folder, name));
  await writeFiles(folder, first);
  expect(await readFile(victim, "utf8")).toBe("theirs");
  expect(await readFile(join(folder, "main.tf"), "utf8")).toBe("one\n");
});

test("a folder that is a link is refused before anything is written", async () => {
  const elsewhere = join(folder, "..", "elsewhere");
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, "old.tf"), "theirs");
  await mkdir(folder);
  await symlink(elsewhere, join(folder, "modules"));
  await writeFile(join(folder, ".infer-deploy-files"), "modules/old.tf\n");
  await expect(writeFiles(folder, first)).rejects.toMatchObject({
    exitCode: 64,
    detail: ["modules"],
  });
  expect(await readdir(elsewhere)).toEqual(["old.tf"]);
  expect(await listFiles()).toEqual([".infer-deploy-files"]);
});

test("an edited manifest removes nothing outside the folder", async () => {
  await mkdir(folder);
  const outside = join(folder, "..", "outside");
  await writeFile(outside, "theirs");
  await writeFile(join(folder, ".infer-deploy-files"), `../outside\na/../../outside\n${outside}\n`);
  await writeFiles(folder, first);
  expect(await readFile(outside, "utf8")).toBe("theirs");
});

async function listFiles(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

async function listTimes(): Promise<readonly string[]> {
  const times = async (path: string) => `${path} ${(await stat(join(folder, path))).mtimeMs}`;
  return Promise.all((await listFiles()).map(times));
}
