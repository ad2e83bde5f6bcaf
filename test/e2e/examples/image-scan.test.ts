import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";

/** examples/image-scan. Its images have the findings that their label names. */
let project: Project;

beforeAll(async () => {
  project = await createProject("image-scan");
  const example = join(repository, "examples", "image-scan", "infer-deploy.yml");
  const config = parse(await readFile(example, "utf8")) as Readonly<Record<string, object>>;
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure({
    ...config,
    image: { ...config["image"], context: "app" },
    instances: { min: 1, max: 2 },
    protection: false,
    release: { ...config["release"], bake: "1s" },
  });
});

afterAll(async () => {
  await project.remove();
});

test("up ends before it starts an instance when the first image has a critical finding", async () => {
  const refused = await withFindings("CRITICAL=1", "up", "--yes");
  expect(refused.exitCode, refused.stderr).toBe(1);
  expect(refused.stderr).toContain("the registry's scan of the image has 1 critical finding,");
  expect(refused.stderr).toContain(
    "aws ecr describe-image-scan-findings --repository-name infer-deploy/",
  );
  expect(refused.stderr).toContain("infer-deploy destroy --sandbox image-scan removes what up has");
  expect(refused.stderr).not.toContain("--force");
  expect((await project.run("status")).stdout).toMatch(/instances\n {4}none/);
});

test("findings below release.scan do not stop it, and status shows them", async () => {
  const made = await withFindings("HIGH=3 INFORMATIONAL=2", "up", "--yes");
  expect(made.exitCode, made.stderr).toBe(0);
  expect((await project.run("status")).stdout).toMatch(/^ {2}scan {6}3 high, 2 others$/m);
});

test("a release with a critical finding changes nothing, unless it is forced", async () => {
  const refused = await withFindings("CRITICAL=2 HIGH=1", "release");
  expect(refused.exitCode, refused.stderr).toBe(1);
  expect(refused.stderr).toContain("2 critical findings, and release.scan is critical");
  expect((await project.run("status")).stdout).toContain("3 high, 2 others");
  const forced = await withFindings("CRITICAL=2 HIGH=1", "release", "--force");
  expect(forced.exitCode, forced.stderr).toBe(0);
  expect((await project.run("status")).stdout).toMatch(/^ {2}scan {6}2 critical, 1 high$/m);
});

test("an image that cannot be scanned is refused with the reason", async () => {
  const refused = await withFindings("UNSUPPORTED_IMAGE", "release");
  expect(refused.exitCode, refused.stderr).toBe(1);
  expect(refused.stderr).toContain("the registry cannot scan the image (UNSUPPORTED_IMAGE");
});

test("destroy leaves nothing behind", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
});

/** Runs a verb with an image whose scan finds this. */
async function withFindings(findings: string, ...[verb, ...args]: [string, ...string[]]) {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const text = await readFile(dockerfile, "utf8");
  const label = `LABEL infer-deploy.sandbox.findings="${findings}"`;
  await writeFile(dockerfile, `${text}\n${label}\n`);
  const result = await project.run(verb, ...args, ...(await project.buildArgs()));
  await writeFile(dockerfile, text);
  return result;
}
