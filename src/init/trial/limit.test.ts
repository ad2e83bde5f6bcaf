import { expect, test } from "vitest";
import { findLimit } from "./limit.ts";

const find = (log: string, env: Readonly<Record<string, string>> = {}) =>
  findLimit(log, { env }, "/home/app");

test("a folder that a variable names moves to /tmp", () => {
  const limit = find("OSError: [Errno 30] Read-only file system: '/var/cache/model/tokens'\n", {
    CACHE_DIR: "/var/cache/model",
    PATH: "/var/cache/model",
    OTHER: "/var/cach",
  });
  expect(limit?.text).toContain("could not use /var/cache/model/tokens");
  expect(limit?.env.map(({ name, value }) => [name, value])).toEqual([["CACHE_DIR", "/tmp"]]);
  expect(limit?.env[0]?.reason).toContain("/var/cache/model");
});

test.each([
  ["PermissionError: [Errno 13] Permission denied: '/home/app/.cache/hub'"],
  ["mkdir /root/.cache: read-only file system"],
])("a folder below a home moves with HOME: %s", (log) => {
  expect(find(log)?.env).toEqual([expect.objectContaining({ name: "HOME", value: "/tmp" })]);
});

test.each([
  ["chown: /data: Operation not permitted", "Set USER in the Dockerfile"],
  ["write /dev/shm/x: no space left on device", "/dev/shm has 64 MB"],
  ["sh: /tmp/run: Permission denied", "container.tmp.exec"],
  ["open /srv/db: EROFS: read-only file system", "the folders of container.writable only"],
])("%s: no variable helps", (log, text) => {
  expect(find(log, { DATA: "/data" })).toMatchObject({ env: [] });
  expect(find(log, { DATA: "/data" })?.text).toContain(text);
});

test("a crash without a limit", () => {
  expect(find("ValueError: no model\nTraceback /app/server.py")).toBeUndefined();
});
