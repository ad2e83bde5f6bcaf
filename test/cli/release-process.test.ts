import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readWorkflow, shellSteps, type ShellStep } from "../_helpers/workflow-steps.ts";
import { runCli } from "../_helpers/cli.ts";

/**
 * The release process once, on a repository of this machine: feature branch, develop, release branch, main, tag, merge back. The people's steps
 * are git; the workflows' are the shell steps that `init --github` writes, with a `gh` that only notes what it is asked for.
 */
let home: string;
let origin: string;
let work: string;
let gh: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "process-"));
  origin = join(home, "origin.git");
  work = join(home, "work");
  gh = join(home, "gh.log");
  await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
  await execa("git", ["init", "--quiet", "--initial-branch=main", work]);
  await git("remote", "add", "origin", origin);
  await writeFile(join(work, "Dockerfile"), "FROM python:3.12\nEXPOSE 8000\n");
  const args = ["init", "--yes", "--no-run", "--region", "eu-west-1"];
  const written = await runCli([...args, "--github", "--repository", "octo-org/octo-repo"], {
    cwd: work,
    env: { ...process.env, CI: "1" },
  });
  expect(written.exitCode, written.stderr).toBe(0);
  await commit("start");
  await git("push", "--quiet", "origin", "main", "main:develop");
  await mkdir(join(home, "bin"));
  await writeFile(gh.replace("gh.log", "bin/gh"), `#!/bin/sh\necho "$@" >>'${gh}'\n`);
  await chmod(join(home, "bin", "gh"), 0o755);
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

test("from a feature to production and back to develop", async () => {
  await git("switch", "--quiet", "-c", "feature/faster", "origin/develop");
  await put("app.py", "faster\n");
  await commit("feature");
  expect(await branchCheck("develop", "feature/faster")).toMatchObject({ exitCode: 0 });
  await squash("feature/faster", "develop");

  await git("switch", "--quiet", "-c", "release/v1.2.0", "origin/develop");
  await put("CHANGELOG", "1.2.0\n");
  await commit("fix of the release branch");
  expect(await branchCheck("main", "release/v1.2.0")).toMatchObject({ exitCode: 0 });
  await squash("release/v1.2.0", "main");

  // Meanwhile develop continues.
  await git("switch", "--quiet", "-c", "bugfix/other", "origin/develop");
  await put("other.py", "other\n");
  await commit("bugfix");
  await squash("bugfix/other", "develop");

  const tagged = await tag("v1.2.0", "main");
  expect(await step("production", "The tag is on main", tagged)).toMatchObject({ exitCode: 0 });
  expect(await step("production", "Release notes", tagged)).toMatchObject({ exitCode: 0 });
  const back = await step("production", "Merge back to develop", tagged);
  expect(back.exitCode, back.stderr).toBe(0);
  await git("fetch", "--quiet", "origin");
  await git("merge-base", "--is-ancestor", "v1.2.0", "origin/develop");
  expect((await git("ls-tree", "--name-only", "origin/develop")).stdout).toMatch(
    /CHANGELOG\n[^]*app\.py\n[^]*other\.py/,
  );
  expect(await asked()).toEqual([
    "release create v1.2.0 --repo octo-org/octo-repo --verify-tag --generate-notes",
  ]);
  const again = await step("production", "Merge back to develop", tagged);
  expect(again.stdout).toContain("develop has v1.2.0 already");
});

test("a protected develop gets the merge as a pull request, and so does a conflict", async () => {
  await put("VERSION", "1\n");
  await commit("release");
  await git("push", "--quiet", "origin", "main");
  const tagged = await tag("v2.0.0", "main");
  const refuse = '#!/bin/sh\n[ "$1" != refs/heads/develop ]\n';
  await writeFile(join(origin, "hooks", "update"), refuse, { mode: 0o755 });
  const back = await step("production", "Merge back to develop", tagged);
  expect(back.exitCode, back.stderr).toBe(0);
  await rm(join(origin, "hooks", "update"));

  await git("switch", "--quiet", "-c", "bugfix/x", "origin/develop");
  await put("VERSION", "2\n");
  await commit("conflict");
  await git("push", "--quiet", "origin", "HEAD:develop");
  const conflict = await step("production", "Merge back to develop", tagged);
  expect(conflict.exitCode, conflict.stderr).toBe(0);
  const { stdout } = await git("ls-remote", "origin", "merge-back/v2.0.0");
  expect(stdout).toContain(tagged.GITHUB_SHA);
  const calls = await asked();
  expect(calls).toHaveLength(2);
  for (const call of calls) {
    expect(call).toMatch(/^pr create .*--base develop --head merge-back\/v2\.0\.0/);
  }
});

test.each([
  ["develop", "feature/x", 0],
  ["develop", "bugfix/y-1", 0],
  ["develop", "merge-back/v1.0.0", 0],
  ["develop", "release/v1.0.0", 1],
  ["develop", "x", 1],
  ["main", "release/v1.0.0", 0],
  ["main", "release/v1", 1],
  ["main", "release/v1.0.0-$(touch x)", 1],
  ["main", "feature/x", 1],
  ["main", "develop", 1],
])("into %s from %s: %i", async (base, head, exitCode) => {
  expect((await branchCheck(base, head)).exitCode).toBe(exitCode);
});

test.each([
  ["v1.0", "main", "is not vX.Y.Z"],
  ["v01.0.0", "main", "is not vX.Y.Z"],
  ["v1.0.0", "feature/x", "is not on main"],
])("the tag %s on %s is refused", async (name, branch, text) => {
  await git("switch", "--quiet", "-C", branch);
  if (branch !== "main") await put("x", "x");
  await commit("more", "--allow-empty");
  if (branch === "main") await git("push", "--quiet", "origin", "main");
  const refused = await step("production", "The tag is on main", await tag(name, branch));
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain(text);
});

async function branchCheck(base: string, head: string) {
  return step("pull-request", "Branch", { BASE: base, HEAD: head });
}

/** Runs a step as GitHub does, in a fresh clone of the origin. */
async function step(workflow: string, name: string, env: Readonly<Record<string, string>>) {
  const clone = await mkdtemp(join(home, "runner-"));
  await execa("git", ["clone", "--quiet", origin, clone]);
  if (env["GITHUB_SHA"] !== undefined) {
    await execa("git", ["checkout", "--quiet", "--detach", env["GITHUB_SHA"]], { cwd: clone });
  }
  return execa("bash", ["-e", "-o", "pipefail", "-c", (await find(workflow, name)).run], {
    cwd: clone,
    env: {
      ...{ PATH: `${join(home, "bin")}:${process.env["PATH"]}`, CI: "true", GH_TOKEN: "x" },
      ...{ GITHUB_REPOSITORY: "octo-org/octo-repo", ...env },
    },
    reject: false,
  });
}

async function find(workflow: string, wanted: string): Promise<ShellStep> {
  const file = join(work, ".github", "workflows", `infer-deploy-${workflow}.yml`);
  const steps = shellSteps(readWorkflow(await readFile(file, "utf8")));
  const found = steps.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`${workflow} has no step ${wanted}`);
  return found;
}

/** What a person does at GitHub with "squash and merge". */
async function squash(branch: string, into: string): Promise<void> {
  await git("fetch", "--quiet", "origin");
  await git("switch", "--quiet", "-C", "merging", `origin/${into}`);
  await git("merge", "--quiet", "--squash", branch);
  await commit(`squashed ${branch}`);
  await git("push", "--quiet", "origin", `merging:${into}`);
  await git("fetch", "--quiet", "origin");
}

async function tag(name: string, branch: string) {
  await git("fetch", "--quiet", "origin");
  const at = branch === "main" ? "origin/main" : branch;
  await git("tag", "--annotate", "--message", name, name, at);
  await git("push", "--quiet", "origin", `refs/tags/${name}`);
  const { stdout } = await git("rev-parse", at);
  return { GITHUB_REF_NAME: name, GITHUB_SHA: stdout.trim() };
}

async function put(path: string, text: string): Promise<void> {
  await writeFile(join(work, path), text);
}

async function commit(message: string, ...args: readonly string[]): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message, ...args);
}

async function git(...args: readonly string[]) {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  return execa("git", [...who, ...args], { cwd: work });
}

async function asked(): Promise<readonly string[]> {
  return (await readFile(gh, "utf8")).trim().split("\n");
}
