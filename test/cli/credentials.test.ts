import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { awsProfiles, createAwsHome, type AwsHome } from "../_helpers/aws-home.ts";
import { cliPath, runCli } from "../_helpers/cli.ts";
import { refuse, startFakeSts, type FakeSts } from "../_helpers/fake-sts.ts";
import { openTerminal } from "../_helpers/pty.ts";
import { startCli } from "../_helpers/running-cli.ts";

/** What a verb says when the credentials are the problem: one sentence and one command, in five seconds, and which keys it signs with. */
let home: string;
let env: AwsHome["env"];
let remove: AwsHome["remove"];
let sts: FakeSts;

beforeEach(async () => {
  sts = await startFakeSts();
  ({ home, env, remove } = await createAwsHome(sts.url));
});

afterEach(async () => {
  sts.close();
  await remove();
});

test.each([
  ["a session of Identity Center", "dev", "aws sso login --profile dev"],
  ["one in the form before sessions", "legacy", "aws sso login --profile legacy"],
  ["a role whose source is one", "chain", "aws sso login --profile dev"],
])("%s has expired", async (_, profile, next) => {
  for (const asked of [["--profile", profile], []]) {
    const result = await status(asked.length === 0 ? { AWS_PROFILE: profile } : {}, ...asked);
    expect(result.exitCode).toBe(64);
    expect(result.stderr).toMatch(/^✖ The AWS credentials have expired\.\n/);
    expect(result.stderr).toContain(`  next:  ${next}\n`);
    expect(result.seconds).toBeLessThan(5);
  }
  expect(sts.calls).toEqual([]);
});

test("the default profile needs no flag to sign in again", async () => {
  await writeFile(
    join(home, ".aws/config"),
    awsProfiles.replace("[default]\n", "").replace("[profile dev]", "[default]"),
  );
  const result = await status({});
  expect(result.stderr).toMatch(/next: {2}aws sso login\n/);
});

test("without a terminal, a profile with an MFA device names a command that gives keys", async () => {
  const result = await status({}, "--profile", "mfa");
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("The AWS keys need a code of arn:aws:iam::123456789012:mfa/ada.");
  expect(result.stderr).toContain("aws configure export-credentials --profile mfa --format env");
  expect(sts.calls).toEqual([]);
});

test("at a terminal the code is asked for once, and the role's keys sign everything", async () => {
  const { CI: _, ...outer } = process.env;
  const terminal = await openTerminal({
    file: process.execPath,
    args: [cliPath, "status", "--profile", "mfa"],
    cwd: home,
    env: { ...outer, ...env, TERM: "xterm" },
  });
  await terminal.waitFor(/Code of arn:aws:iam::123456789012:mfa\/ada: /);
  terminal.type("123456\r");
  await terminal.ended;
  expect(terminal.text()).toContain("app (production) is not deployed in eu-west-1.");
  const [assume, ...others] = sts.calls;
  expect(assume).toMatchObject({ action: "AssumeRole", key: "AKIABASE" });
  expect(assume?.body).toContain("TokenCode=123456");
  expect(others.length).toBeGreaterThan(1);
  expect(new Set(others.map(({ key }) => key))).toEqual(new Set(["AKIAROLE"]));
});

test("a slow program is waited for, runs once, and its words are shown", async () => {
  await program("echo 'touch your key' >&2; sleep 6; echo \"$KEYS\"");
  const result = await status({}, "--profile", "program", "--debug");
  expect(result.stderr).toContain("touch your key\n");
  expect(result.stderr).toContain(
    "AWS knows this run as arn:aws:iam::123456789012:user/ada, by the profile program: credential_process\n",
  );
  expect(result.stderr).toContain("is not deployed in eu-west-1.");
  expect(await readFile(join(home, "runs"), "utf8")).toBe("run\n");
  expect(new Set(sts.calls.map(({ key }) => key))).toEqual(new Set(["AKIAPROGRAM"]));
});

test("a signal ends the wait for a program", async () => {
  await program("sleep 30; echo done");
  const cli = startCli(["status", "--profile", "program"], { cwd: home, env });
  const runs = async () => readFile(join(home, "runs"), "utf8").catch(() => "");
  await expect.poll(runs, { timeout: 10_000 }).toBe("run\n");
  const sent = Date.now();
  cli.kill("SIGTERM");
  const end = await cli.ended;
  expect(end.exitCode).toBe(143);
  expect(end.ended - sent).toBeLessThan(3000);
});

test("a program that fails is named, and no other source takes its place", async () => {
  await program("echo 'vault is locked' >&2; exit 3");
  const result = await status(
    { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" },
    "--profile",
    "program",
  );
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("vault is locked");
  expect(result.stderr).toContain(
    "The credential_process of the AWS profile program gave no keys.\n  why:   CredentialsProviderError: credential_process ended with exit code 3\n",
  );
  expect(await readFile(join(home, "runs"), "utf8")).toBe("run\n");
  expect(sts.calls).toEqual([]);
});

test.each([
  [["--profile", "base"], {}],
  [[], { AWS_PROFILE: "base" }],
])("a profile comes before keys in the environment: %j %j", async (args, more) => {
  const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" };
  const result = await status({ ...keys, ...more }, "--debug", ...args);
  expect(result.stderr).toContain("by the profile base\n");
  expect(result.stderr).not.toContain("WARNING");
  expect(new Set(sts.calls.map(({ key }) => key))).toEqual(new Set(["AKIABASE"]));
});

test("keys of the environment that have ended are named as such", async () => {
  sts.handle = (_, answer) =>
    refuse(answer, 403, "ExpiredToken", "The security token included in the request is expired");
  const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };
  const result = await status(keys);
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("The AWS credentials have expired.");
  expect(result.stderr).toContain("set new values for AWS_ACCESS_KEY_ID");
});

test.each([
  ["", ".", "on both sides"],
  [
    " with an explicit deny in a service control policy",
    ", because of a service control policy of the organisation.",
    "in the organisation's policies (its administrators can)",
  ],
])("a role that may not be taken is named%s", async (reason, because, where) => {
  sts.handle = ({ action }, answer) =>
    action === "AssumeRole" &&
    refuse(
      answer,
      403,
      "AccessDenied",
      `User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ops${reason}`,
    );
  const result = await status({}, "--profile", "role");
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain(
    `AWS does not let the AWS profile role take the role arn:aws:iam::123456789012:role/ops${because}\n`,
  );
  expect(result.stderr).toContain(`allow sts:AssumeRole ${where}\n`);
});

test("a clock that is off is found by the answer's date", async () => {
  sts.handle = (_, answer) => {
    answer.setHeader("date", new Date(Date.now() + 11 * 60_000).toUTCString());
    return false;
  };
  const result = await status({ AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("This machine's clock is 11 min behind AWS's.");
});

test("a clock that AWS refuses is named with the minutes", async () => {
  sts.handle = (_, answer) => {
    answer.setHeader("date", new Date(Date.now() - 30 * 60_000).toUTCString());
    return refuse(
      answer,
      403,
      "SignatureDoesNotMatch",
      "Signature not yet current: 20260101T003000Z is still later than 20260101T000500Z",
    );
  };
  const result = await status({ AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("This machine's clock is 30 min ahead of AWS's.");
  expect(result.seconds).toBeLessThan(5);
});

test("an AWS that says nothing ends the verb in five seconds", async () => {
  sts.handle = () => true;
  const result = await status({ AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("AWS does not answer in eu-west-1.");
  expect(result.seconds).toBeLessThan(5);
});

async function status(more: Record<string, string>, ...args: string[]) {
  return runCli(["status", ...args], { cwd: home, env: { ...env, ...more } });
}

async function program(script: string): Promise<void> {
  const file = join(home, "program");
  const keys = `{"Version":1,"AccessKeyId":"AKIAPROGRAM","SecretAccessKey":"s","SessionToken":"t"}`;
  await writeFile(file, `#!/bin/sh\necho run >> '${home}/runs'\nKEYS='${keys}'\n${script}\n`);
  await chmod(file, 0o755);
  await writeFile(
    join(home, ".aws/config"),
    `${awsProfiles}\n[profile program]\ncredential_process = ${file}\n`,
  );
}
