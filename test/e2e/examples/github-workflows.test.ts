import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetRolePolicyCommand, type IAMClient } from "@aws-sdk/client-iam";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PolicyDocument } from "../../../src/permissions/policy-document.ts";
import { nameStack, type GithubRole } from "../../../src/stack/names.ts";
import type { GithubRoles } from "../../../src/views/parts/github-roles.ts";
import { cliPath, runCli } from "../../_helpers/cli.ts";
import { baseImages, copyDockerfile } from "../../_helpers/dockerfile-kinds.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { CallCollector } from "../../_helpers/recorded-calls.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";
import { readWorkflow, shellSteps } from "../../_helpers/workflow-steps.ts";

/**
 * Every command of the workflows that `init --github` writes, in the region, as GitHub's runner runs it: bash, CI set, no terminal. What the
 * region was asked for is held against the policies of the roles that the jobs have.
 */
const stack = { name: "octo", region: "eu-west-1" };
type Environment = "staging" | "production";

let project: Project;
let iam: IAMClient;
let bin: string;
const roles = new Map<Environment, GithubRoles>();

beforeAll(async () => {
  project = await createProject("workflows");
  await copyDockerfile("python", project.folder);
  const started = await project.runSandbox("start");
  expect(started.exitCode, started.stderr).toBe(0);
  iam = await (await openStackBucket(project, stack)).aws.iam();
  const names = ["--service-name", stack.name, "--region", stack.region];
  const written = await runCli(
    ["init", "--yes", ...names, "--github", "--repository", "octo-org/octo-repo"],
    { cwd: project.folder, env: { ...project.env, ...(await baseImages()), CI: "1" } },
  );
  expect(written.exitCode, written.stderr).toBe(0);
  bin = join(project.folder, "bin");
  await mkdir(bin);
  await program("infer-deploy", `exec '${process.execPath}' '${cliPath}' "$@"`);
  await program("gh", fakeGh);
  await Promise.all((["staging", "production"] as const).map(up));
});

afterAll(async () => {
  await project.remove();
});

test("a pull request: the checks, and a plan as a comment that is updated in place", async () => {
  const calls = new CallCollector(project);
  const runner = await mkdirRunner("pull-request");
  const env = {
    ...runner,
    ...{ BASE: "main", HEAD: "release/v1.0.0", NUMBER: "7", COMMIT: "0123456789abcdef" },
  };
  for (const step of ["Branch", "Configuration", "Image"]) {
    const ended = await run("pull-request", step, { ...env, PLAN_CODE: "0" });
    expect(ended.exitCode, `${step}: ${ended.stderr}`).toBe(0);
  }
  await calls.start();
  const environment = { ...env, INFER_DEPLOY_ENVIRONMENT: "production" };
  const plan = await run("pull-request", "Plan", environment);
  expect(plan.exitCode, plan.stderr).toBe(0);
  await calls.stop();
  expect(await denied("production", "plan", calls)).toEqual([]);

  const code = /^PLAN_CODE=(\d+)$/m.exec(await readFile(runner.GITHUB_ENV, "utf8"))?.[1] ?? "";
  for (const method of ["POST", "PATCH"]) {
    const ended = await run("pull-request", "Comment", { ...environment, PLAN_CODE: code });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect((await readFile(join(bin, "calls"), "utf8")).trim().split("\n").at(-1)).toBe(method);
  }
  const comment = await readFile(join(bin, "comment"), "utf8");
  expect(comment).toMatch(/^<!-- infer-deploy plan production -->\n### production: what /);
  expect(comment).toMatch(/^ {2}nat gateways +1 +35\.04$/m);
  expect(comment).toContain("For commit 0123456789abcdef, by [this run](https://github.com/");
});

test("a plan that fails is in the comment, and fails the job", async () => {
  const runner = await mkdirRunner("failing");
  const env = {
    ...runner,
    ...{ NUMBER: "7", COMMIT: "0", INFER_DEPLOY_ENVIRONMENT: "nowhere" },
  };
  const plan = await run("pull-request", "Plan", env);
  expect(plan.exitCode, plan.stderr).toBe(0);
  expect(await readFile(runner.GITHUB_ENV, "utf8")).toContain("PLAN_CODE=64");
  const ended = await run("pull-request", "Comment", { ...env, PLAN_CODE: "64" });
  expect(ended.exitCode).toBe(64);
  expect(await readFile(join(bin, "comment"), "utf8")).toContain("failed with exit code 64");
});

test.each([
  ["staging", { GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567" }, "0123456789ab"],
  ["production", { GITHUB_REF_NAME: "v1.0.0" }, "v1.0.0"],
] as const)("a release to %s", async (environment, event, version) => {
  const calls = new CallCollector(project);
  await calls.start();
  const env = {
    ...(await mkdirRunner(environment)),
    ...event,
    // The file's five minutes are what a person wants, not a test.
    ...{ INFER_DEPLOY_ENVIRONMENT: environment, INFER_DEPLOY_BAKE: "5s" },
  };
  const released = await run(environment, "Release", env);
  expect(released.exitCode, released.stderr).toBe(0);
  const status = await run(environment, "Status", env);
  expect(status.exitCode, status.stdout).toBe(0);
  expect(status.stdout).toContain(version);
  await calls.stop();
  expect(await denied(environment, "release", calls)).toEqual([]);
});

async function up(environment: Environment): Promise<void> {
  const result = await project.run("up", "--yes", "--json", "--environment", environment);
  expect(result.exitCode, result.stderr).toBe(0);
  const { github_roles: made } = JSON.parse(result.stdout) as { github_roles: GithubRoles };
  roles.set(environment, made);
}

/** Runs a step as GitHub's runner does. */
async function run(workflow: string, wanted: string, env: Readonly<Record<string, string>>) {
  const file = join(project.folder, ".github", "workflows", `infer-deploy-${workflow}.yml`);
  const found = shellSteps(readWorkflow(await readFile(file, "utf8"))).find(
    ({ name }) => name === wanted,
  );
  if (found === undefined) throw new Error(`${workflow} has no step ${wanted}`);
  return execa("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", found.run], {
    cwd: join(project.folder, found.folder),
    env: {
      ...project.env,
      ...{ PATH: `${bin}:${process.env["PATH"]}`, CI: "true", GITHUB_ACTIONS: "true" },
      ...{ INFER_DEPLOY_SANDBOX: project.sandbox, GH_TOKEN: "none" },
      ...{ GITHUB_REPOSITORY: "octo-org/octo-repo", GITHUB_SERVER_URL: "https://github.com" },
      ...{ GITHUB_RUN_ID: "1", ...env },
    },
    stdin: "ignore",
    reject: false,
  });
}

async function mkdirRunner(name: string) {
  const folder = join(project.folder, "..", `${project.sandbox}-runner-${process.pid}`, name);
  await mkdir(folder, { recursive: true });
  return { RUNNER_TEMP: folder, GITHUB_ENV: join(folder, "env") };
}

/** What the policy of a stack's role, as IAM has it, denies of these calls. */
async function denied(
  environment: Environment,
  role: GithubRole,
  { calls }: CallCollector,
): Promise<readonly string[]> {
  const name = roles.get(environment)?.[role].split("/").at(-1);
  const found = await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: role }));
  const policy = JSON.parse(decodeURIComponent(found.PolicyDocument ?? "")) as PolicyDocument;
  const { place } = await pagePolicies(project, stack);
  const names = nameStack(stack.name, environment, stack.region);
  expect(calls.length).toBeGreaterThan(0);
  return (await examinePolicies([policy], calls, { ...place, names }, [])).denied;
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
}

/** GitHub's API for one pull request without comments at first: the one that is posted has the number 1. */
const fakeGh = String.raw`
folder=$(dirname "$0")
for word in "$@"; do
  case $word in
    POST | PATCH) echo "$word" >>"$folder/calls" ;;
    body=@*) cp "${"$"}{word#body=@}" "$folder/comment" ;;
    --paginate) if [ -e "$folder/comment" ]; then echo 1; fi ;;
  esac
done`;
