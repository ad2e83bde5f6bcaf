import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../src/rollout/status-document.ts";
import { repository } from "../_helpers/cli.ts";
import { createProject, type Project } from "../_helpers/project.ts";

/** A server that knows nothing of infer-deploy, first broken in each of the ways that people meet, then whole. */
let project: Project;
const config = {
  name: "plain",
  protection: false,
  region: "eu-west-1",
  image: { context: "app", port: 8000 },
  health: { path: "/healthz", timeout: "15s" },
  instances: { type: "t3.micro", min: 1, max: 2 },
};

beforeAll(async () => {
  project = await createProject("plain");
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure(config);
});

afterAll(async () => {
  await project.remove();
});

test("a Dockerfile that does not build ends with the build's own lines, and nothing is applied", async () => {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const good = await readFile(dockerfile, "utf8");
  await writeFile(dockerfile, `${good}\nRUN echo the wheel is missing >&2 && exit 7\n`);
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await writeFile(dockerfile, good);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("The Dockerfile does not build.");
  expect(result.stderr).toContain("the wheel is missing");
  expect(result.stderr).not.toContain("Apply the infrastructure");
  const status = await project.run("status");
  expect(status.exitCode, status.stderr).toBe(1);
  expect(status.stderr).toContain("is not deployed");
});

test("a question that nobody can answer names the flag, and nothing is applied", async () => {
  const result = await project.run("up", ...(await project.buildArgs()));
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("--yes");
  expect(result.stderr).not.toContain("Apply the infrastructure");
});

test("a container that crashes: its log, its exit code, exit 1, and no instance is left running", async () => {
  const dockerfile = join(project.folder, "app", "Dockerfile");
  const good = await readFile(dockerfile, "utf8");
  await writeFile(
    dockerfile,
    `${good}\nENTRYPOINT []\nCMD ["python3", "-c", "import sys; print('no such model: /models/x', flush=True); sys.exit(3)"]\n`,
  );
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await writeFile(dockerfile, good);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("the container crashes");
  expect(result.stderr).toContain("no such model: /models/x");
  expect(result.stderr).toMatch(/agent state "crashed"/);
  const status = JSON.parse((await project.run("status", "--json")).stdout) as StatusDocument;
  expect(status).toMatchObject({
    healthy: false,
    active: null,
    release: { number: 1, outcome: "failed" },
  });
});

test("a container that never becomes healthy: what the health path answered, exit 1, well before the timeout", async () => {
  await project.configure({ ...config, health: { ...config.health, path: "/not-there" } });
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  await project.configure(config);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("never became healthy");
  expect(result.stderr).toContain("404");
  expect(result.stderr).toMatch(/agent state "unhealthy"/);
});

test("the next up goes on from there, and the plain server answers by its Dockerfile alone", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  const { url } = JSON.parse(result.stdout) as { url: string };
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true, release: { number: 3 } });
});

test("a minimum that grows is put on the serving group without a plan of it", async () => {
  await project.configure({ ...config, instances: { ...config.instances, min: 2 } });
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toContain("minimum of the blue group: 1 -> 2 instances");
});

test("destroy, and nothing is left", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("none left by tag");
});
