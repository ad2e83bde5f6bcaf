import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository, runCli } from "../../_helpers/cli.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { failedSamples, startLoad, versionsOf } from "../../_helpers/load.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/cloudfront: HTTPS by CloudFront's own name, and one route from its cache. */
let project: Project;
let example: Readonly<Record<string, object>>;
let ask: typeof fetch;
let url = "";
const stack = { name: "cloudfront", region: "eu-central-1" };

beforeAll(async () => {
  project = await createProject("cloudfront");
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  const file = join(repository, "examples", "cloudfront", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
  await configure({});
});

afterAll(async () => {
  await project.remove();
});

test("up ends when CloudFront's name answers by HTTPS, with its headers", async () => {
  const up = await project.run("up", "--yes", "--json", "--version", "v1", ...(await build()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  expect(url).toMatch(/^https:\/\/[a-z0-9]+\.cloudfront\.net$/);
  expect(JSON.parse(up.stdout)).toMatchObject({ https: true, open_to: ["0.0.0.0/0"] });
  const { headers } = await ask(`${url}/healthz`);
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("HTTP leads to HTTPS, and a POST keeps its method", async () => {
  const plain = url.replace("https:", "http:");
  const get = await ask(`${plain}/labels?lang=de`, { redirect: "manual" });
  expect([get.status, get.headers.get("location")]).toEqual([301, `${url}/labels?lang=de`]);
  const post = await ask(`${plain}/classify`, { method: "POST", redirect: "manual" });
  expect(post.status).toBe(307);
});

test("a route in the list is answered from the cache, by what its key names", async () => {
  const first = await labels("?lang=de");
  expect(first).toMatchObject({ from: "Miss from cloudfront", labels: ["Katze", "Hund"] });
  expect(await labels("?lang=de")).toEqual({ ...first, from: "Hit from cloudfront" });
  expect(await labels("?lang=de&user=7")).toEqual({ ...first, from: "Hit from cloudfront" });
  expect(await labels("?lang=en")).toMatchObject({
    from: "Miss from cloudfront",
    labels: ["cat", "dog"],
  });
  expect((await ask(`${url}/labels`, { method: "POST" })).status).toBe(403);
});

test("nothing else is cached, least of all a POST", async () => {
  const numbers: unknown[] = [];
  for (let round = 0; round < 4; round += 1) {
    const response = await ask(`${url}/classify`, { method: "POST", body: "the same text" });
    expect(response.headers.get("x-cache")).toBe("Miss from cloudfront");
    numbers.push(((await response.json()) as { number: number }).number);
  }
  expect(new Set(numbers).size, numbers.join()).toBe(4);
  expect((await ask(`${url}/healthz`)).headers.get("age")).toBeNull();
});

test("a second plan finds nothing", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("a release loses no request, and its answers replace those in the cache", async () => {
  // CloudFront may forget an answer at any time.
  await expect
    .poll(async () => labels("?lang=de"))
    .toMatchObject({ from: "Hit from cloudfront", version: "v1" });
  const load = startLoad(classify, 10);
  const release = await project.run("release", "--version", "v2", ...(await build()));
  const samples = await load.stop();
  expect(release.exitCode, release.stderr).toBe(0);
  expect(failedSamples(samples)).toEqual([]);
  expect(versionsOf(samples)).toEqual(["v1", "v2"]);
  await seeLabelsOf("v2");
  const rollback = await project.run("rollback");
  expect(rollback.exitCode, rollback.stderr).toBe(0);
  await seeLabelsOf("v1");
});

test("another time to keep answers changes the cache's policy in place", async () => {
  await configure({ cache: [{ path: "/labels", ttl: "1s", query: ["lang"] }] });
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(changes.map(({ action, address }) => [action, address])).toEqual([
    ["update", 'module.cloudfront.aws_cloudfront_cache_policy.route["/labels"]'],
  ]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  await labels("?lang=de");
  await expect
    .poll(async () => (await labels("?lang=de")).from, { interval: 1500, timeout: 20_000 })
    .toBe("Miss from cloudfront");
});

test("with API keys, an answer in the cache is only for the key that it was given to", async () => {
  await configure({ auth: "keys" });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  const show = ["keys", "show", "--sandbox", project.sandbox];
  const { stdout } = await runCli(show, { cwd: project.folder, env: project.env });
  const key = stdout.trim();
  const hit = { status: 200, cache: "Hit from cloudfront" };
  await expect.poll(async () => withKey(key), { timeout: 20_000 }).toEqual(hit);
  // AWS WAF applies a new rule after a moment, and the cache of before has nothing for a request without a key.
  await expect.poll(async () => (await withKey("")).status, { timeout: 20_000 }).toBe(401);
  expect(await withKey(`${key.slice(0, -1)}_`)).toMatchObject({ status: 401 });
  const post = { method: "POST", body: "a text" };
  expect((await ask(`${url}/classify`, post)).status).toBe(401);
  const headers = { "x-api-key": key };
  expect((await ask(`${url}/classify`, { ...post, headers })).status).toBe(200);
  const release = await project.run("release", "--version", "v3", ...(await build()));
  expect(release.exitCode, release.stderr).toBe(0);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  await expect(ask(url)).rejects.toThrow();
  const { actions, denied } = await deniedCalls(project, stack, "cloudfront", "waf");
  expect(actions).toContain("cloudfront:CreateVpcOrigin");
  expect(denied).toEqual([]);
});

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    ...stack,
    image: { context: contextFor(project, "examples/cloudfront"), port: 8000 },
    instances: { min: 1, max: 2 },
    release: { bake: "5s" },
    protection: false,
    ...changes,
  });
}

async function build(): Promise<readonly string[]> {
  return project.buildArgs();
}

async function labels(query: string) {
  const response = await ask(`${url}/labels${query}`);
  const body = (await response.json()) as { version: string; labels: readonly string[] };
  return { ...body, from: response.headers.get("x-cache") };
}

async function withKey(key: string) {
  const { headers, status } = await ask(`${url}/labels?lang=de`, {
    headers: key === "" ? {} : { "x-api-key": key },
  });
  return { status, cache: headers.get("x-cache") };
}

/** The cache is emptied within seconds. */
async function seeLabelsOf(version: string): Promise<void> {
  await expect
    .poll(async () => (await labels("?lang=de")).version, { timeout: 20_000 })
    .toBe(version);
}

async function classify() {
  const response = await ask(`${url}/classify`, { method: "POST", body: "a text" });
  const { version } = (await response.json()) as { version: string };
  return { status: response.status, version };
}
