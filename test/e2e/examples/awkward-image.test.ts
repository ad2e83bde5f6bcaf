import { afterAll, beforeAll, expect, test } from "vitest";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** test/awkward-app in a region: refused without the keys, served with them, and a rollback goes back with them. */
let project: Project;
let url: string;

beforeAll(async () => {
  project = await createProject("awkward-image");
});
afterAll(async () => {
  await project.remove();
});

test("a fleet with the keys serves the image", async () => {
  await configure(keys);
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

function configure(container: object): Promise<void> {
  return project.configure({
    name: "awkward",
    region: "eu-west-2",
    image: { context: contextFor(project, "test/awkward-app") },
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
