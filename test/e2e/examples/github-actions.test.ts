import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { sandboxHeaders } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import type { PolicyDocument } from "../../../src/permissions/policy-document.ts";
import type { GithubRole } from "../../../src/stack/names.ts";
import type { GithubRoles } from "../../../src/views/parts/github-roles.ts";
import { repository } from "../../_helpers/cli.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { CallCollector, recordedCalls } from "../../_helpers/recorded-calls.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** The example, from its refusals to its end: the roles, the tokens that get them, and what they may do. */
const stack = { name: "github-actions", region: "eu-west-1" };
const issuer = "https://token.actions.githubusercontent.com";
const audience = "sts.amazonaws.com";
const octo = "repo:octo-org/octo-repo";
const immutable = "repo:octo-org@123456/octo-repo@456789";

let project: Project;
let iam: IAMClient;
let provider: string;
let roles: GithubRoles;
let config: Record<string, unknown>;

beforeAll(async () => {
  project = await createProject("github");
  const example = join(repository, "examples", "github-actions");
  await cp(example, project.folder, { recursive: true });
  config = {
    ...(parse(await readFile(join(example, "infer-deploy.yml"), "utf8")) as object),
    region: stack.region,
    instances: { type: "t3.micro", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
  };
  await project.configure(config);
  const started = await project.runSandbox("start");
  expect(started.exitCode, started.stderr).toBe(0);
  const { aws } = await openStackBucket(project, stack);
  iam = await aws.iam();
  const { place } = await pagePolicies(project, stack);
  provider = `arn:aws:iam::${place.account}:oidc-provider/token.actions.githubusercontent.com`;
});

afterAll(async () => {
  await project.remove();
});

test("a repository that is none ends with its line", async () => {
  const file = join(project.folder, "infer-deploy.yml");
  const good = stringify(config);
  await writeFile(file, good.replace("octo-org/octo-repo", "octo-org/*"));
  const refused = await project.run("up", "--yes");
  await writeFile(file, good);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(
    /infer-deploy\.yml:\d+:\d+ {2}github\.repository: found "octo-org\/\*", allowed OWNER\/NAME/,
  );
});

test("a provider without AWS's audience is refused with the command that adds it", async () => {
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: ["other"] }));
  for (const verb of ["plan", "up"]) {
    const refused = await project.run(verb, ...(verb === "up" ? await project.buildArgs() : []));
    expect(refused.exitCode, refused.stderr).toBe(64);
    expect(refused.stderr).toContain(`does not accept ${audience}`);
    expect(refused.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
    expect(refused.stderr).toContain(`--open-id-connect-provider-arn ${provider}`);
    expect(refused.stderr).not.toContain("Apply the infrastructure");
  }
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }));
});

test("up makes the provider that is missing and the roles, and prints them", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toContain("OpenID Connect provider for GitHub");
  roles = (JSON.parse(result.stdout) as { github_roles: GithubRoles }).github_roles;
  expect(await audiences()).toEqual([audience]);
  const status = await project.run("status");
  expect(status.stdout).toContain(`release  ${roles.release}`);
  expect(status.stdout).toContain(`plan     ${roles.plan}`);
});

test("each role takes the tokens that the configuration names, in both forms, and no other", async () => {
  for (const name of [octo, immutable]) {
    expect(await assumed("release", `${name}:ref:refs/heads/main`)).toBe("keys");
    expect(await assumed("release", `${name}:environment:production`)).toBe("keys");
    expect(await assumed("plan", `${name}:pull_request`)).toBe("keys");
    expect(await assumed("release", `${name}:pull_request`)).toBe("AccessDenied");
    expect(await assumed("plan", `${name}:ref:refs/heads/main`)).toBe("AccessDenied");
    expect(await assumed("release", `${name}:ref:refs/heads/main2`)).toBe("AccessDenied");
  }
  for (const name of ["repo:octo-org/other", "repo:octo-org@123456/octo-repo@1"]) {
    expect(await assumed("release", `${name}:ref:refs/heads/main`)).toBe("AccessDenied");
  }
  const other = await assumed("release", `${octo}:ref:refs/heads/main`, "https://github.com/octo");
  expect(other).toBe("InvalidIdentityToken");
});

test("the role for pull requests may do all that plan and status do, and the plan is empty", async () => {
  const calls = new CallCollector(project);
  await calls.start();
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  expect(await project.run("status")).toMatchObject({ exitCode: 0 });
  await calls.stop();
  expect(calls.calls.map(({ action }) => action)).toContain("iam:GetOpenIDConnectProvider");
  expect(await denied("plan", calls)).toEqual([]);
});

test("the role for releases may do all that a release and a rollback do", async () => {
  const calls = new CallCollector(project);
  await calls.start();
  const released = await project.run("release", "--version", "v2", ...(await project.buildArgs()));
  expect(released.exitCode, released.stderr).toBe(0);
  expect(await project.run("rollback")).toMatchObject({ exitCode: 0 });
  expect(await project.run("releases")).toMatchObject({ exitCode: 0 });
  await calls.stop();
  expect(await denied("release", calls)).toEqual([]);
  expect(await denied("plan", calls)).not.toEqual([]);
});

test("another branch changes the trust of a role and nothing else", async () => {
  const github = { ...(config["github"] as object), branches: ["stable"] };
  await project.configure({ ...config, github });
  const plan = await project.run("plan", "--json", "--detailed-exitcode");
  expect(plan.exitCode, plan.stderr).toBe(2);
  expect((JSON.parse(plan.stdout) as { changes: unknown }).changes).toEqual([
    expect.objectContaining({
      address: 'module.github.aws_iam_role.this["release"]',
      action: "update",
    }),
  ]);
  const result = await project.run("up", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(await assumed("release", `${octo}:ref:refs/heads/stable`)).toBe("keys");
  expect(await assumed("release", `${octo}:ref:refs/heads/main`)).toBe("AccessDenied");
  expect(await project.run("plan", "--detailed-exitcode")).toMatchObject({ exitCode: 0 });
});

test("destroy takes the roles and leaves the provider", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  for (const role of ["release", "plan"] as const) {
    await expect(iam.send(new GetRoleCommand({ RoleName: nameOf(role) }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  }
  expect(await audiences()).toEqual([audience]);
});

test("the policies of docs/reference/iam.md allow all that was called", async () => {
  const { place, all } = await pagePolicies(project, stack);
  const calls = await recordedCalls(project);
  const actions = calls.map(({ action }) => action);
  expect(actions).toContain("iam:UpdateAssumeRolePolicy");
  // The test itself makes this one.
  const own = calls.filter(({ action }) => action !== "iam:DeleteOpenIDConnectProvider");
  expect((await examinePolicies(all, own, place, [])).denied).toEqual([]);
});

async function audiences(): Promise<readonly string[] | undefined> {
  const found = await iam.send(
    new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }),
  );
  return found.ClientIDList;
}

/** What a policy of a role, as IAM has it, denies of these calls. */
async function denied(role: GithubRole, { calls }: CallCollector): Promise<readonly string[]> {
  const found = await iam.send(
    new GetRolePolicyCommand({ RoleName: nameOf(role), PolicyName: role }),
  );
  const policy = JSON.parse(decodeURIComponent(found.PolicyDocument ?? "")) as PolicyDocument;
  const { place } = await pagePolicies(project, stack);
  return (await examinePolicies([policy], calls, place, [])).denied;
}

function nameOf(role: GithubRole): string {
  return roles[role].split("/").at(-1) ?? "";
}

/** What STS answers to a token of GitHub: keys, or the code of its refusal. The call is not signed, as on AWS. */
async function assumed(role: GithubRole, sub: string, aud = audience): Promise<string> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const claims = Buffer.from(JSON.stringify({ iss: issuer, sub, aud })).toString("base64url");
  const answer = await fetch(state.endpoint, {
    method: "POST",
    headers: sandboxHeaders(state),
    body: new URLSearchParams({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: roles[role],
      RoleSessionName: "run-1",
      WebIdentityToken: `e30.${claims}.`,
    }),
  });
  const text = await answer.text();
  return answer.ok && text.includes("<AccessKeyId>")
    ? "keys"
    : (/<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? text);
}
