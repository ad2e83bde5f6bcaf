import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAwsHome, type AwsHome } from "../_helpers/aws-home.ts";
import { runCli } from "../_helpers/cli.ts";
import { startFakeSts, type FakeSts } from "../_helpers/fake-sts.ts";

/** What `up` and `destroy` warn of before they begin. This AWS knows who the caller is, and nothing else, so they end soon after. */
let sts: FakeSts;
let aws: AwsHome;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  sts = await startFakeSts();
  aws = await createAwsHome(sts.url);
  const programs = join(aws.home, "bin");
  await mkdir(programs);
  for (const [name, script] of [
    ["docker", "echo 28.0.0"],
    ["terraform", "printf 'Terraform v1.11.4\\non linux_amd64\\n'"],
  ] as const) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  await writeFile(join(aws.home, "Dockerfile"), "FROM scratch\n");
  env = {
    ...aws.env,
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_SESSION_TOKEN: "t",
    AWS_MAX_ATTEMPTS: "1",
  };
});

afterEach(async () => {
  sts.close();
  await aws.remove();
});

test.each(["up", "destroy"])("%s warns of credentials that end soon", async (verb) => {
  const ends = new Date(Date.now() + 9.5 * 60_000).toISOString();
  const soon = await run(verb, { AWS_CREDENTIAL_EXPIRATION: ends });
  expect(soon.stderr).toMatch(/^! the AWS credentials end in 9 min \d+ s, and this may take/m);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const fine = await run(verb, { AWS_CREDENTIAL_EXPIRATION: later });
  expect(fine.stderr).not.toContain("the AWS credentials end");
});

test("up warns where this machine knows the stack in another account", async () => {
  expect((await run("up")).stderr).not.toContain("this machine knows");
  const known = ["infer-deploy", "stacks", "222222222222", "eu-west-1", "app", "production"];
  await mkdir(join(aws.env["XDG_STATE_HOME"] ?? "", ...known), { recursive: true });
  expect((await run("up")).stderr).toContain(
    "! this machine knows app (production) in the account 222222222222, and these credentials are of 123456789012",
  );
});

async function run(verb: string, more: Readonly<Record<string, string>> = {}) {
  return runCli([verb, "--yes"], { cwd: aws.home, env: { ...env, ...more } });
}
