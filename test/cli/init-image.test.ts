import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { runCli, type CliResult } from "../_helpers/cli.ts";

/** `init --image` in a folder without a Dockerfile, and without a Docker engine. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-image-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("an image that exists already takes the Dockerfile's place", async () => {
  const image = "ghcr.io/acme/server:1.2";
  const written = await init("--no-run", "--json", "--image", image);
  expect(written.exitCode, written.stderr).toBe(0);
  expect(JSON.parse(written.stdout)).toMatchObject({
    settings: { ref: image, context: null, dockerfile: null },
    guesses: ["image.port", "health.path"],
  });
  expect(parse(await readFile(join(folder, "infer-deploy.yml"), "utf8"))).toMatchObject({
    image: { ref: image, port: 8080 },
  });
  const rendered = await run("render", "--out", join(folder, "terraform"));
  expect(rendered.exitCode, rendered.stderr).toBe(0);
});

test.each([
  ["no name of an image", ["--image", "https://ghcr.io/a"], "This is not the name of an image"],
  ["a build argument", ["--image", "a", "--build-arg", "A=b"], "--build-arg is for an image that"],
  ["a Dockerfile", ["--image", "a", "--dockerfile", "D"], "--dockerfile is for an image that"],
])("an image with %s is refused", async (_, args, message) => {
  const refused = await init("--no-run", ...args);
  expect(refused).toMatchObject({ exitCode: 64, stderr: expect.stringContaining(message) });
});

async function run(...args: readonly string[]): Promise<CliResult> {
  const { HOME } = process.env;
  const env = { PATH: "/nowhere", HOME, AWS_REGION: "eu-west-1", NO_COLOR: "1" };
  return runCli(args, { cwd: folder, env });
}

async function init(...args: readonly string[]): Promise<CliResult> {
  return run("init", "--yes", "--service-name", "server", ...args);
}
