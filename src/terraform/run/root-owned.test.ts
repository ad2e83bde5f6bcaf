import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRootOwned, type Ownership } from "./root-owned.ts";

const roots: Ownership = { uid: 0, gid: 0, mode: 0o755 };
let folder: string;
let file: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "owned-")));
  file = join(folder, "provider");
  writeFileSync(file, "");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Everything is root's, but for one path. */
const but = (path: string, other: Partial<Ownership>) => (one: string) =>
  one === path ? { ...roots, ...other } : roots;

test("what only root can change is trusted", () => {
  expect(isRootOwned(file, () => roots)).toBe(true);
  expect(isRootOwned(file, but(folder, { mode: 0o775 }))).toBe(true);
});

test.each<[string, Partial<Ownership>]>([
  ["belongs to another user", { uid: 1000 }],
  ["can be written by every user", { mode: 0o777 }],
  ["can be written by a group", { gid: 50, mode: 0o775 }],
  ["is a shared temporary folder", { mode: 0o1777 }],
])("a file, or a folder above it, that %s is not", (_, other) => {
  expect(isRootOwned(file, but(file, other))).toBe(false);
  expect(isRootOwned(file, but(folder, other))).toBe(false);
  expect(isRootOwned(file, but("/", other))).toBe(false);
});

test("a link is as trusted as what it leads to", () => {
  const link = join(folder, "link");
  symlinkSync(file, link);
  expect(isRootOwned(link, but(file, { uid: 1000 }))).toBe(false);
  expect(isRootOwned(join(folder, "missing"), () => roots)).toBe(false);
});

test("the system's own folder is trusted", () => {
  expect(isRootOwned("/")).toBe(true);
});

test("the temporary folder of this machine, where every user can write, is not trusted", () => {
  expect(isRootOwned(file)).toBe(false);
});
