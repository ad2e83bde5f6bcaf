import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../_helpers/cli.ts";

/** Where Node keeps compiled code: a user who can write there decides what the next run executes. */
let root: string;
let home: string;
let project: string;
let temporary: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "code-cache-"));
  home = await folder("home");
  project = await folder("project");
  temporary = await folder("tmp");
});

afterEach(async () => {
  // Nothing is ever kept in the folder that all users share.
  expect(await readdir(temporary)).toEqual([]);
  await rm(root, { recursive: true });
});

test("compiled code is kept in a folder that is the user's alone", async () => {
  await run({ HOME: home });
  expect(await codeIn(join(home, ".cache"))).not.toEqual([]);
  for (const name of [".cache", ".cache/infer-deploy", ".cache/infer-deploy/code"]) {
    expect(await modeOf(join(home, name))).toBe("700");
  }
});

test("XDG_CACHE_HOME is where it says, unless it is relative", async () => {
  const caches = await folder("caches");
  await run({ HOME: home, XDG_CACHE_HOME: caches });
  expect(await codeIn(caches)).not.toEqual([]);
  expect(await readdir(home)).toEqual([]);
  await run({ HOME: home, XDG_CACHE_HOME: "caches" });
  expect(await readdir(project)).toEqual([]);
});

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

test.each<[string, boolean, (code: string) => Promise<void>]>([
  ["others of the group can write to", true, async (code) => chmod(code, 0o770)],
  ["all users can write to", true, async (code) => chmod(code, 0o702)],
  ["belongs to another user", isRoot, async (code) => chown(code, nobody, nobody)],
  [
    "is a link",
    true,
    async (code) => {
      await rm(code, { recursive: true });
      await mkdir(join(root, "planted", "code"), { recursive: true, mode: 0o700 });
      await symlink(join(root, "planted"), code);
    },
  ],
])("a folder that %s is not used", async (_, canTest, change) => {
  if (!canTest) return;
  for (const name of ["infer-deploy/code", "infer-deploy"]) {
    const caches = await mkdtemp(join(root, "caches-"));
    await mkdir(join(caches, "infer-deploy", "code"), { recursive: true, mode: 0o700 });
    await change(join(caches, name));
    await run({ HOME: home, XDG_CACHE_HOME: caches });
    expect(await codeIn(caches)).toEqual([]);
    await rm(join(root, "planted"), { recursive: true, force: true });
  }
});

test("a place where another user can put a folder is not used", async () => {
  const open = await folder("open");
  await chmod(open, 0o777);
  await run({ XDG_CACHE_HOME: open });
  expect(await readdir(open)).toEqual([]);
  await chmod(open, 0o1777);
  await run({ XDG_CACHE_HOME: open });
  expect(await codeIn(open)).not.toEqual([]);
  if (!isRoot) return;
  const foreign = await folder("foreign");
  await chown(foreign, nobody, nobody);
  await run({ XDG_CACHE_HOME: foreign });
  expect(await readdir(foreign)).toEqual([]);
});

test("no folder in a project is used", async () => {
  await run({ HOME: project });
  await run({ HOME: home, XDG_CACHE_HOME: join(project, ".cache") });
  expect(await readdir(project)).toEqual([]);
  // The project that another folder belongs to.
  await writeFile(join(home, "infer-deploy.yml"), "");
  await run({ HOME: home });
  await mkdir(join(root, "linked"));
  await symlink(project, join(root, "linked", ".cache"));
  await run({ HOME: join(root, "linked") });
  expect(await readdir(home)).toEqual(["infer-deploy.yml"]);
  expect(await readdir(project)).toEqual([]);
});

test("without a home there is no cache, and no message", async () => {
  await run({});
  await run({ HOME: "" });
  await run({ HOME: join(root, "nowhere") });
  await run({ HOME: "/dev/null" });
  await run({ HOME: "/proc" });
  expect((await readdir(root)).toSorted()).toEqual(["home", "project", "tmp"]);
});

async function run(env: Readonly<Record<string, string>>): Promise<void> {
  const result = await runCli(["releases", "--help"], {
    cwd: project,
    env: { PATH: process.env["PATH"], TMPDIR: temporary, ...env },
  });
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
}

async function folder(name: string): Promise<string> {
  await mkdir(join(root, name), { mode: 0o700 });
  return join(root, name);
}

async function codeIn(caches: string): Promise<readonly string[]> {
  const found = await readdir(join(caches, "infer-deploy", "code"), { recursive: true });
  return found.filter((name) => name.includes("/"));
}

async function modeOf(path: string): Promise<string> {
  return ((await lstat(path)).mode & 0o777).toString(8);
}
