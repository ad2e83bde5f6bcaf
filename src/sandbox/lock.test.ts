import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./lock.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("two pieces of work never overlap, and the one that comes second is told that it waits", async () => {
  const path = join(folder, "sub", "a.lock");
  const seen: string[] = [];
  let second = Promise.resolve();
  await withLock(path, never, async () => {
    await new Promise<void>((waits) => {
      second = withLock(path, waits, async () => {
        seen.push("second");
      });
    });
    await delay(300);
    seen.push("first");
  });
  await second;
  expect(seen).toEqual(["first", "second"]);
  expect(await readdir(join(folder, "sub"))).toEqual([]);
});

test("the lock is given back when the work fails", async () => {
  const path = join(folder, "a.lock");
  await expect(withLock(path, never, () => Promise.reject(new Error("broken")))).rejects.toThrow(
    "broken",
  );
  expect(await withLock(path, never, async () => "free")).toBe("free");
});

test("a lock that a killed process left is taken over", async () => {
  const path = join(folder, "a.lock");
  await writeFile(path, "somebody");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, never, () => readFile(path, "utf8"))).not.toBe("somebody");
});

function never(): void {
  throw new Error("nobody else holds the lock");
}
