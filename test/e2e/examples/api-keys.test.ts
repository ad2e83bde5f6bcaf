import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ListRuleGroupsCommand } from "@aws-sdk/client-wafv2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { listSecrets } from "../../../src/aws/secrets/list-secrets.ts";
import { nameStack } from "../../../src/stack/names.ts";
import { fleetOutputs, parseStackRecord } from "../../../src/state/stack-record.ts";
import type { KeysDocument } from "../../../src/views/keys.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { repository } from "../../_helpers/cli.ts";
import { type DebugRuns, debugRuns } from "../../_helpers/debug-runs.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { startLoad } from "../../_helpers/load.ts";
import { runTerraform, workFolder } from "../../_helpers/project-terraform.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";
import { writtenPlaces } from "../../_helpers/written-places.ts";

/** examples/api-keys, from the first key to the last deletion. The keys are looked for wherever one must not be. */
const stack = { name: "api-keys", region: "eu-central-1" };
const own = "a-key-of-my-own-with-*-and-?";

let project: Project;
let example: Readonly<Record<string, object>>;
let url = "";
/** All keys so far, the oldest first. */
const made: string[] = [];
let runs: DebugRuns;
let run: DebugRuns["run"];

beforeAll(async () => {
  project = await createProject("api-keys");
  runs = debugRuns(project);
  ({ run } = runs);
  const file = join(repository, "examples", "api-keys", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
  await configure({});
});

afterAll(async () => {
  await project.remove();
});

test("the plan names the price, and makes no key", async () => {
  const plan = await run(["plan", "--json"]);
  expect(plan.exitCode, plan.stderr).toBe(0);
  const { estimate } = JSON.parse(plan.stdout) as PlanDocument;
  const acl = estimate.parts.find(({ part }) => part === "web_acl");
  expect(acl).toEqual({ part: "web_acl", what: "1 with 2 rules", usd_per_month: 7 });
  expect((await keys()).keys).toEqual([]);
});

test("up makes the first key, and only requests with it are answered", async () => {
  const up = await run(["up", "--yes", "--json"], await project.buildArgs());
  expect(up.exitCode, up.stderr).toBe(0);
  const document = JSON.parse(up.stdout) as { readonly url: string; readonly auth: string };
  ({ url } = document);
  expect(document.auth).toBe("keys");
  const first = await show();
  expect(await status(first)).toBe(200);
  const refused = await fetch(url);
  expect([refused.status, await refused.text(), refused.headers.get("content-type")]).toEqual([
    401,
    '{"error":"The header x-api-key needs a valid key."}',
    "application/json",
  ]);
  expect(await status("")).toBe(401);
  expect(await status(`${first.slice(0, -1)}x`)).toBe(401);
  expect(await status(first.toUpperCase())).toBe(401);
});

test("the load balancer lets nothing pass when AWS WAF does not answer", async () => {
  const { aws, store } = await openStackBucket(project, stack);
  const record = parseStackRecord((await store.get("stack.json"))?.value);
  const request = { LoadBalancerArn: fleetOutputs(record.outputs).load_balancer_arn };
  const { Attributes } = await (
    await aws.loadBalancing()
  ).send(new DescribeLoadBalancerAttributesCommand(request));
  expect(Attributes).toContainEqual({ Key: "waf.fail_open.enabled", Value: "false" });
});

test("status asks with a key, and says that the address is not open", async () => {
  const found = await run(["status", "--json"]);
  expect(found.exitCode, found.stdout).toBe(0);
  expect(JSON.parse(found.stdout) as StatusDocument).toMatchObject({ healthy: true, auth: "keys" });
  expect((await run(["status"])).stdout).toContain("open to   requests with an API key");
});

test("a second up changes nothing, and a second plan finds nothing", async () => {
  const up = await run(["up", "--yes", "--json"]);
  expect(JSON.parse(up.stdout)).toMatchObject({ changed: false });
  const plan = await run(["plan", "--detailed-exitcode"]);
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("a release's probe passes", async () => {
  await configure({ env: { A: "1" } });
  const release = await run(["release", "--json"], await project.buildArgs());
  expect(release.exitCode, release.stderr).toBe(0);
});

test("a client that moves to a new key is never refused, and the old key ends", async () => {
  const [old = ""] = made;
  let key = old;
  const load = startLoad(async () => ({ status: await status(key) }), 20);
  try {
    const rotated = await run(["keys", "rotate", "--json"]);
    expect(rotated.exitCode, rotated.stderr).toBe(0);
    expect(JSON.parse(rotated.stdout)).toMatchObject({ change: "added", effect: "done" });
    expect(await status(old)).toBe(200);
    key = await show();
    expect(key).not.toBe(old);
    const third = await run(["keys", "rotate"]);
    expect(third.exitCode).toBe(1);
    expect(third.stderr).toContain("infer-deploy keys retire --sandbox api-keys");
    // Its last requests with the old key are answered before that one ends.
    await delay(500);
    const retired = await run(["keys", "retire", "--yes", "--json"]);
    expect(retired.exitCode, retired.stderr).toBe(0);
    expect(JSON.parse(retired.stdout)).toMatchObject({ change: "retired", effect: "done" });
  } finally {
    await load.stop();
  }
  expect(new Set(load.samples.map((one) => one.status))).toEqual(new Set([200]));
  expect(load.samples.length).toBeGreaterThan(50);
  expect(await status(old)).toBe(401);
});

test("the last key cannot end, and an own key is compared as it is", async () => {
  const last = await run(["keys", "retire", "--yes"]);
  expect(last.exitCode).toBe(1);
  await project.runPrinted(last);
  await show();
  expect(await run(["keys", "retire", "--yes"])).toMatchObject({ exitCode: 0 });
  const short = await run(["keys", "rotate", "--stdin"], [], "much-too-short\n");
  expect(short).toMatchObject({ exitCode: 64 });
  expect(short.stderr).not.toContain("much-too-short");
  expect(await run(["keys", "rotate", "--stdin"], [], `${own}\n`)).toMatchObject({ exitCode: 0 });
  expect(await show()).toBe(own);
  expect(await status(own)).toBe(200);
  expect(await status(own.toUpperCase())).toBe(401);
  expect(await status("a-key-of-my-own-with-xy-and-z")).toBe(401);
  const { keys: listed } = await keys();
  expect(listed.map(({ in_force: isInForce }) => isInForce)).toEqual([true, true]);
});

test("a refresh changes nothing, and no key is in what is written down or printed anywhere", async () => {
  expect((await run(["up", "--refresh", "--yes"])).exitCode).toBe(0);
  const { store, aws, workFolder: folder } = await openStackBucket(project, stack);
  const places: Record<string, string> = {
    printed: runs.printed(),
    ...(await writtenPlaces(folder, store)),
  };
  const shown = await runTerraform(project, stack, workFolder(project, stack), "show", "-json");
  places["terraform show"] = shown.text;
  expect(shown.text).toContain("rule_group_reference_statement");
  const found = Object.entries(places).flatMap(([place, text]) =>
    made.some((key) => text.includes(key)) ? [place] : [],
  );
  expect(found).toEqual([]);
  const prefix = nameStack(stack.name, "production", stack.region).key_prefix;
  const [secret] = await listSecrets(await aws.secretsManager(), prefix);
  const { SecretString: text = "" } = await (
    await aws.secretsManager()
  ).send(new GetSecretValueCommand({ SecretId: secret?.arn }));
  expect(made.filter((key) => text.includes(key))).toEqual(made.slice(-2));
});

test("without auth the web ACL and its rule group go, and the keys stay", async () => {
  await configure({ auth: "none", env: { A: "1" } });
  const up = await run(["up", "--yes"]);
  expect(up.exitCode, up.stderr).toBe(0);
  await expect.poll(async () => status(""), { timeout: 20_000 }).toBe(200);
  expect(await ruleGroups()).toEqual([]);
  await configure({ env: { A: "1" } });
  expect((await run(["up", "--yes"])).exitCode).toBe(0);
  await expect.poll(async () => status(""), { timeout: 20_000 }).toBe(401);
  expect(await status(own)).toBe(200);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const destroyed = await run(["destroy", "--yes"]);
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  expect(await ruleGroups()).toEqual([]);
  const { aws } = await openStackBucket(project, stack);
  expect(await listSecrets(await aws.secretsManager(), "infer-deploy-keys/")).toEqual([]);
  const { actions, denied } = await deniedCalls(project, stack, "waf");
  expect(actions).toContain("wafv2:UpdateRuleGroup");
  expect(denied).toEqual([]);
});

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

/** The newest key. */
async function show(): Promise<string> {
  const { stdout, stderr } = await runs.runForSecret(["keys", "show"]);
  const key = stdout.trim();
  expect(key, stderr).not.toBe("");
  if (!made.includes(key)) made.push(key);
  return key;
}

async function keys(): Promise<KeysDocument> {
  return JSON.parse((await run(["keys", "list", "--json"])).stdout) as KeysDocument;
}

async function status(key: string): Promise<number> {
  const answer = await fetch(url, { headers: { "x-api-key": key } });
  await answer.body?.cancel();
  return answer.status;
}

async function ruleGroups() {
  const { aws } = await openStackBucket(project, stack);
  const waf = await aws.waf();
  return (await waf.send(new ListRuleGroupsCommand({ Scope: "REGIONAL" }))).RuleGroups;
}
