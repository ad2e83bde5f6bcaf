import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeListenersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeSecurityGroupRulesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { keepAsking } from "../../_helpers/keep-asking.ts";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import { sandboxHeaders } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { listSecrets } from "../../../src/aws/secrets/list-secrets.ts";
import { fleetOutputs, parseStackRecord } from "../../../src/state/stack-record.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { repository } from "../../_helpers/cli.ts";
import { type DebugRuns, debugRuns } from "../../_helpers/debug-runs.ts";
import { leaveUnrun } from "../../_helpers/printed-runs.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { runTerraform, workFolder } from "../../_helpers/project-terraform.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";
import { writtenPlaces } from "../../_helpers/written-places.ts";

/** examples/login: a door that is closed from its first moment to its last. */
const stack = { name: "login", region: "eu-central-1" };
const url = "https://demo.example.com";
const values = ["first-client-secret-of-the-demo", "second-client-secret-of-the-demo"] as const;

let project: Project;
let example: Readonly<Record<string, object>>;
let ask: typeof fetch;
let runs: DebugRuns;
let run: DebugRuns["run"];

beforeAll(async () => {
  project = await createProject("login");
  runs = debugRuns(project);
  ({ run } = runs);
  const file = join(repository, "examples", "login", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  await configure({});
});

afterAll(async () => {
  await project.remove();
});

test("a client secret that was never set is refused before anything is made, and the printed command sets it", async () => {
  const up = await run(["up", "--yes"]);
  expect(up.exitCode, up.stderr).toBe(64);
  expect(up.stderr).toContain("The login's client secret was never set.");
  expect(up.stderr).toMatch(/where: auth: oidc \(infer-deploy\.yml:\d+:\d+\)/);
  expect(up.stderr).toContain("infer-deploy secrets set --sandbox login OIDC_CLIENT_SECRET");
  await setSecret(values[0]);
  const listed = await run(["secrets", "list"]);
  expect(listed.stdout).toMatch(/OIDC_CLIENT_SECRET {2}login /);
});

test("an issuer that does not answer is refused, with its place", async () => {
  await issuerAt("login.example.com", 1);
  const plan = await run(["plan"]);
  expect(plan.exitCode, plan.stderr).toBe(64);
  expect(plan.stderr).toContain("The OIDC issuer does not answer.");
  expect(plan.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
  // The next test runs it.
  leaveUnrun("up --sandbox login");
  await configure({ oidc: { issuer: "https://sso.example.com", client_id: "model-demo" } });
  expect((await run(["plan", "--json"])).exitCode).toBe(0);
});

test("up makes an address that leads everyone to the login", async () => {
  const up = await run(["up", "--yes", "--json"], await project.buildArgs());
  expect(up.exitCode, up.stderr).toBe(0);
  expect(JSON.parse(up.stdout)).toMatchObject({
    url,
    auth: "oidc",
    issuer: "https://sso.example.com",
  });
  for (const method of ["GET", "POST"]) {
    const answer = await ask(`${url}/predict`, { method, redirect: "manual" });
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.href).toMatch(/^https:\/\/sso\.example\.com\/authorize\?/);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      client_id: "model-demo",
      response_type: "code",
      scope: "openid",
      redirect_uri: `${url}/oauth2/idpresponse`,
      state: expect.stringMatching(/./) as string,
    });
  }
});

test("the load balancer reaches the issuer, and asks with the settings of the configuration", async () => {
  const { aws, store } = await openStackBucket(project, stack);
  const record = parseStackRecord((await store.get("stack.json"))?.value);
  const { Listeners } = await (
    await aws.loadBalancing()
  ).send(
    new DescribeListenersCommand({ ListenerArns: [fleetOutputs(record.outputs).listener_arn] }),
  );
  expect(Listeners?.[0]?.DefaultActions?.map(({ Order, Type }) => `${Order} ${Type}`)).toEqual([
    "1 authenticate-oidc",
    "2 forward",
  ]);
  expect(Listeners?.[0]?.DefaultActions?.[0]?.AuthenticateOidcConfig).toMatchObject({
    ClientId: "model-demo",
    SessionTimeout: 43_200,
  });
  const { SecurityGroupRules = [] } = await (
    await aws.ec2()
  ).send(new DescribeSecurityGroupRulesCommand({}));
  const out = SecurityGroupRules.filter(({ IsEgress, FromPort }) => IsEgress && FromPort === 443);
  expect(out.map(({ CidrIpv4 }) => CidrIpv4)).toEqual(["0.0.0.0/0"]);
});

test("status is healthy, and says that a login is required", async () => {
  const found = await run(["status", "--json"]);
  expect(found.exitCode, found.stdout).toBe(0);
  expect(JSON.parse(found.stdout) as StatusDocument).toMatchObject({
    healthy: true,
    auth: "oidc",
    issuer: "https://sso.example.com",
  });
  expect((await run(["status"])).stdout).toContain(
    "open to   login required (https://sso.example.com)",
  );
});

test("a second up changes nothing, and a second plan finds nothing", async () => {
  const up = await run(["up", "--yes", "--json"]);
  expect(JSON.parse(up.stdout)).toMatchObject({ changed: false });
  const plan = await run(["plan", "--detailed-exitcode"]);
  expect(plan.exitCode, plan.stdout).toBe(0);
  expect(plan.stdout).toContain("Login required (https://sso.example.com)");
});

test("a rotated secret reaches the listener with the next up, and a refresh sets it again", async () => {
  await setSecret(values[1]);
  const plan = await run(["plan", "--json", "--detailed-exitcode"]);
  expect(plan.exitCode, plan.stderr).toBe(2);
  expect((JSON.parse(plan.stdout) as PlanDocument).login).toContain("the new client secret");
  expect(JSON.parse((await run(["up", "--yes", "--json"])).stdout)).toMatchObject({
    changed: true,
  });
  expect((await run(["up", "--yes", "--refresh"])).exitCode).toBe(0);
  expect((await run(["plan", "--detailed-exitcode"])).exitCode).toBe(0);
});

test("the door is never open: a release, a rollback, another listener setting, and no answer but the login", async () => {
  const closed = keepAsking(ask, url);
  await configure({ env: { A: "1" }, oidc: { ...oidc, scope: "openid email" } });
  expect((await run(["up", "--yes"])).exitCode).toBe(0);
  const release = await run(["release", "--json"], await project.buildArgs());
  expect(release.exitCode, release.stderr).toBe(0);
  const back = await run(["rollback", "--json"]);
  expect(back.exitCode, back.stderr).toBe(0);
  const answers = await closed();
  expect(new Set(answers)).toEqual(new Set(["302 https://sso.example.com/authorize"]));
  expect(answers.length).toBeGreaterThan(50);
});

test("the client's secret is in nothing that is written down or printed", async () => {
  const { store, aws, workFolder: folder } = await openStackBucket(project, stack);
  const places: Record<string, string> = {
    printed: runs.printed(),
    ...(await writtenPlaces(folder, store)),
  };
  const shown = await runTerraform(project, stack, workFolder(project, stack), "show", "-json");
  places["terraform show"] = shown.text;
  expect(shown.text).toContain("authenticate_oidc");
  const found = Object.entries(places).flatMap(([place, text]) =>
    values.some((value) => text.includes(value)) ? [place] : [],
  );
  expect(found).toEqual([]);
  const [secret] = await listSecrets(await aws.secretsManager(), "infer-deploy-keys/");
  expect(secret?.name).toBe("login/production/OIDC_CLIENT_SECRET");
});

test("the secret of a login cannot be removed, and without auth the door opens", async () => {
  const removed = await run(["secrets", "remove", "OIDC_CLIENT_SECRET", "--yes"]);
  expect(removed.exitCode).toBe(64);
  await setSecret(values[1]);
  await configure({ auth: "none", env: { A: "1" } });
  const up = await run(["up", "--yes", "--json"]);
  expect(up.exitCode, up.stderr).toBe(0);
  expect(JSON.parse(up.stdout)).toMatchObject({ auth: "none", issuer: null });
  await expect.poll(async () => (await ask(url)).status, { timeout: 20_000 }).toBe(200);
  expect((await run(["plan", "--detailed-exitcode"])).exitCode).toBe(0);
  await configure({ env: { A: "1" }, oidc });
  const again = await run(["up", "--yes"]);
  expect(again.exitCode, again.stderr).toBe(0);
  const closed = async () => (await ask(url, { redirect: "manual" })).status;
  await expect.poll(closed, { timeout: 20_000 }).toBe(302);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await run(["destroy", "--yes"]);
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const { aws } = await openStackBucket(project, stack);
  expect(await listSecrets(await aws.secretsManager(), "infer-deploy-keys/")).toEqual([]);
  const { actions, denied } = await deniedCalls(project, stack, "login");
  expect(actions).toContain("secretsmanager:GetSecretValue");
  expect(denied).toEqual([]);
});

const oidc = { issuer: "https://sso.example.com", client_id: "model-demo" };

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    ...stack,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
    environments: { production: {} },
    ...changes,
  });
}

async function setSecret(value: string): Promise<void> {
  const result = await run(["secrets", "set", "OIDC_CLIENT_SECRET"], [], `${value}\n`);
  expect(result.exitCode, result.stderr).toBe(0);
}

/** From now on the issuer is at a port of this machine. */
async function issuerAt(name: string, port: number): Promise<void> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const body = JSON.stringify({ name, port });
  const headers = sandboxHeaders(state);
  await fetch(`${state.endpoint}/_sandbox/issuer`, { method: "PUT", headers, body });
}
