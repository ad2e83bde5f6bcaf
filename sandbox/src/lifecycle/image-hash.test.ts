import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashFolder } from "./image-hash.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hash-"));
  await writeFile(join(folder, "Dockerfile"), "FROM scratch");
  await mkdir(join(folder, "emulator"));
  await writeFile(join(folder, "emulator", "main.py"), "pass");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("an unchanged folder keeps its hash", async () => {
  const before = await hashFolder(folder);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  expect(await hashFolder(folder)).toBe(before);
});

test.each([
  ["a changed file", () => writeFile(join(folder, "Dockerfile"), "FROM debian")],
  ["a new file", () => writeFile(join(folder, "emulator", "more.py"), "")],
  ["an executable bit", () => chmod(join(folder, "Dockerfile"), 0o755)],
])("%s changes it", async (_, change) => {
  const before = await hashFolder(folder);
  await change();
  expect(await hashFolder(folder)).not.toBe(before);
});

test("tests, documentation and Python's caches do not change it", async () => {
  const before = await hashFolder(folder);
  await mkdir(join(folder, "emulator", "__pycache__"));
  await writeFile(join(folder, "emulator", "__pycache__", "main.pyc"), "x");
  await writeFile(join(folder, "emulator", "__pycache__", "note"), "x");
  await mkdir(join(folder, "tests"));
  await writeFile(join(folder, "tests", "test_main.py"), "x");
  await writeFile(join(folder, "README.md"), "x");
  expect(await hashFolder(folder)).toBe(before);
});
