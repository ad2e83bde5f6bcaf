import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followFile } from "./file-tail.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-tail-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("what is written comes while the file is followed, the rest at the end, in order", async () => {
  const path = join(folder, "log");
  await writeFile(path, "one ");
  let seen = "";
  const tail = await followFile(path, (chunk) => (seen += Buffer.from(chunk).toString()));
  await expect.poll(() => seen).toBe("one ");
  await appendFile(path, "two ");
  await expect.poll(() => seen).toBe("one two ");
  const long = "x".repeat(300_000);
  await appendFile(path, long);
  await tail.finish();
  expect(seen).toBe(`one two ${long}`);
});
