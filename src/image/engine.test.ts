import { mkdtemp, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Run } from "../process/programs/run.ts";
import { engineOf } from "./engine.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-"));
});
afterEach(() => rm(folder, { recursive: true }));

const shows =
  (stdout: string, exitCode = 0): Run =>
  async () => ({ exitCode, stdout, stderr: "" });

test("a named context comes with its certificates, and before DOCKER_HOST", async () => {
  const inspected = "build\ttcp://build.example:2376\t/home/ada/.docker/contexts/meta/abc\n";
  expect(await engineOf(shows(inspected), folder)).toEqual({
    DOCKER_CONTEXT: "build",
    DOCKER_HOST: undefined,
  });
  expect(await readlink(join(folder, "contexts"))).toBe("/home/ada/.docker/contexts");
});

test("the default context is its address", async () => {
  const inspected = "default\tunix:///run/user/1000/docker.sock\t<IN MEMORY>\n";
  expect(await engineOf(shows(inspected), folder)).toEqual({
    DOCKER_HOST: "unix:///run/user/1000/docker.sock",
  });
  await expect(stat(join(folder, "contexts"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a docker without contexts finds its engine itself", async () => {
  expect(await engineOf(shows("", 1), folder)).toEqual({});
});
