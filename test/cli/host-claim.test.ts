import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli, type CliResult } from "../_helpers/cli.ts";

/** Several commands of one machine at once, in a region that takes questions and answers none: the first one stays on its way to the lock. */
let folder: string;
let silent: Server;
let asked = 0;
let onAsked = Promise.withResolvers<void>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claim-"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  asked = 0;
  onAsked = Promise.withResolvers();
  silent = createServer(() => {
    asked += 1;
    onAsked.resolve();
  });
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
});

afterEach(async () => {
  silent.closeAllConnections();
  silent.close();
  await rm(folder, { recursive: true });
});

test("one of a machine's releases asks AWS, and the others are refused in its name", async () => {
  const first = run("release", "--version", "v1", "--no-build");
  await onAsked.promise;
  const others = await Promise.all([
    run("release", "--version", "v2", "--no-build"),
    run("rollback", "--to", "v0"),
  ]);
  for (const { exitCode, stderr } of others) {
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(
      /^✖ The stack is locked by \S+@\S+, `infer-deploy release --version v1`/,
    );
    expect(stderr).toMatch(/why: +process \d+ runs on this machine/);
  }
  expect(asked).toBe(1);
  expect((await first).exitCode).toBe(64);
  // The one that has ended blocks no other run.
  expect((await run("rollback")).stderr).toContain("AWS does not answer in eu-west-1.");
});

test("a variable that names a stack is as good as the flag", async () => {
  const first = run("release", "--version", "v1", "--no-build", "--region", "eu-west-1");
  await onAsked.promise;
  const [same, other] = await Promise.all([
    runWith({ INFER_DEPLOY_REGION: "eu-west-1" }, "rollback"),
    runWith({ INFER_DEPLOY_REGION: "eu-west-2" }, "rollback"),
  ]);
  expect(same.exitCode).toBe(5);
  expect(other.stderr).toContain("AWS does not answer in eu-west-2.");
  await first;
});

test("a dry run, and a run that waits for the lock, are not refused", async () => {
  const first = run("release", "--version", "v1", "--no-build");
  await onAsked.promise;
  const others = await Promise.all([
    run("release", "--version", "v2", "--no-build", "--dry-run"),
    run("rollback", "--lock-wait", "5m"),
    run("status"),
  ]);
  for (const { exitCode } of [...others, await first]) expect(exitCode).toBe(64);
  expect(asked).toBe(4);
});

async function run(...args: readonly string[]): Promise<CliResult> {
  return runWith({}, ...args);
}

async function runWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliResult> {
  return runCli(args, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NO_COLOR: "1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      ...env,
    },
  });
}
