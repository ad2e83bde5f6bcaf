import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installOldClient } from "../../_helpers/old-client.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/**
 * test/awkward-app in a region, by its Dockerfile with stages and a secret: refused without the keys, served with them, and a rollback goes back
 * with them.
 */
let project: Project;
let url: string;

beforeAll(async () => {
  project = await createProject("awkward-image");
  const programs = join(project.folder, "programs");
  await mkdir(programs);
  await installOldClient(programs);
  Object.assign(project.env, { PATH: `${programs}:${process.env["PATH"]}` });
});
afterAll(async () => {
  await project.remove();
});

test("what the build lacks is refused before anything is made, with the key's line", async () => {
  await configure(keys, { ...image, target: "server" });
  const unknown = await project.run("plan");
  expect(unknown.exitCode, unknown.stderr).toBe(64);
  expect(unknown.stderr).toMatch(
    /There is no stage server in staged\.Dockerfile\.\n.*infer-deploy\.yml:\d+:\d+\n.*serve, test/,
  );
  await configure(keys);
  const unset = await project.run("up", "--yes");
  expect(unset.exitCode, unset.stderr).toBe(64);
  expect(unset.stderr).toMatch(/The variable TOKEN is not set\.\n.*infer-deploy\.yml:\d+:\d+/);
  expect((await project.run("status")).stderr).toContain("is not deployed");
  Object.assign(project.env, { TOKEN: "of-the-build" });
});

test("a fleet with the keys serves the image", async () => {
  const up = await project.run(
    "up",
    ...["--yes", "--json", "--version", "v1", ...(await project.buildArgs())],
  );
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stderr).toContain("${...} is not replaced: the container gets it as it is written, in");
  ({ url } = JSON.parse(up.stdout) as { url: string });
  expect(await ask()).toMatchObject({
    user: 1000,
    shm_mb: 128,
    starts: 1,
    env: { "my.name": "line\nline", "my-name": "${HOME}", HF_HOME: "/cache/huggingface" },
  });
});

test("without image.target the last stage is built; when it does not run, the error names it", async () => {
  const { target: _, ...lastStage } = image;
  await configure(keys, lastStage);
  const failed = await release("v0");
  expect(failed.exitCode, failed.stderr).toBe(3);
  expect(failed.stderr).toContain("1 of 12 tests failed");
  expect(failed.stderr).toContain('The image is the stage "test", the last of 2');
  expect(failed.stderr).toMatch(/next: .*Set image\.target if another stage serves, such as serve/);
});

test("a release without a key fails, and its error names the key", async () => {
  const { capabilities: _, ...less } = keys;
  await configure(less);
  const failed = await release("v2");
  expect(failed.exitCode, failed.stderr).toBe(3);
  expect(failed.stderr).toContain("container.capabilities: [SETUID, SETGID]");
  expect(await ask()).toMatchObject({ shm_mb: 128 });
});

test("a changed key is what the next release runs, and a rollback goes back with it", async () => {
  await configure({ ...keys, shm: 256, command: ["python3", "/srv/server.py", "--new"] });
  expect(await release("v3")).toMatchObject({ exitCode: 0 });
  expect(await ask()).toMatchObject({ shm_mb: 256, argv: ["--new"] });
  expect(await project.run("rollback")).toMatchObject({ exitCode: 0 });
  expect(await ask()).toMatchObject({ shm_mb: 128, argv: [] });
});

const keys = {
  writable: ["/srv/data"],
  tmp: { exec: true },
  capabilities: ["SETUID", "SETGID"],
  shm: 128,
  cache: { path: "/cache", size: "1gb" },
};

const image = {
  dockerfile: "staged.Dockerfile",
  target: "serve",
  secrets: { TOKEN: "env:TOKEN" },
};

function configure(container: object, build: object = image): Promise<void> {
  return project.configure({
    name: "awkward",
    region: "eu-west-2",
    image: { context: contextFor(project, "test/awkward-app"), ...build },
    instances: { type: "t3.small", min: 1, max: 2 },
    health: { path: "/", codes: [200, 401] },
    container,
    env: { "my.name": "line\nline", "my-name": "${HOME}" },
    protection: false,
    release: { bake: "5s", keep_previous: "1m" },
  });
}

async function release(version: string) {
  const args = ["--version", version, ...(await project.buildArgs())];
  return project.run("release", ...args);
}

async function ask(): Promise<unknown> {
  return (await fetch(url)).json();
}
