import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./file-lock.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("two pieces of work never overlap, and the second one reports that it waits", async () => {
  const path = join(folder, "sub", "a.lock");
  const seen: string[] = [];
  let second = Promise.resolve();
  await withLock(path, never, unaborted, async () => {
    await new Promise<void>((waits) => {
      second = withLock(path, waits, unaborted, async () => {
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

test("the lock is released when the work fails", async () => {
  const path = join(folder, "a.lock");
  await expect(
    withLock(path, never, unaborted, () => Promise.reject(new Error("broken"))),
  ).rejects.toThrow("broken");
  expect(await withLock(path, never, unaborted, async () => "free")).toBe("free");
});

test("the lock of a killed process is taken over", async () => {
  const path = join(folder, "a.lock");
  await writeFile(path, "killed");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, never, unaborted, () => readFile(path, "utf8"))).not.toBe("killed");
});

test("a signal ends the wait and leaves the other's lock alone", async () => {
  const path = join(folder, "a.lock");
  const controller = new AbortController();
  const reason = new Error("stopped");
  await withLock(path, never, unaborted, async () => {
    const waiting = withLock(
      path,
      () => {
        controller.abort(reason);
      },
      controller.signal,
      async () => "held",
    );
    await expect(waiting).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual(["a.lock"]);
  });
});

test("a signal while taking over a dead process's lock leaves no lock", async () => {
  const path = join(folder, "a.lock");
  await writeFile(path, "killed");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  const controller = new AbortController();
  const taking = withLock(path, never, controller.signal, async () => "held");
  await expect.poll(() => readFile(path, "utf8").catch(() => "killed")).not.toBe("killed");
  controller.abort(new Error("stopped"));
  await expect(taking).rejects.toThrow("stopped");
  expect(await readdir(folder)).toEqual([]);
});

const unaborted = new AbortController().signal;

function never(): void {
  throw new Error("no other process holds the lock");
}
