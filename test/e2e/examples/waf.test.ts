import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/waf: first it counts, then it blocks. */
let project: Project;
let example: Readonly<Record<string, object>>;
let url = "";
const stack = { name: "waf", region: "eu-central-1" };
const attack = "?file=../../../../etc/passwd";

beforeAll(async () => {
  project = await createProject("waf");
  const file = join(repository, "examples", "waf", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("count lets everything through", async () => {
  await configure({ waf: { ...example["waf"], mode: "count" } });
  const up = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { url: string });
  expect(await status(attack)).toBe(200);
});

test("block changes the rules in place: attacks get 403, predictions pass", async () => {
  await configure({});
  const { changes } = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(changes.map(({ action, address }) => [action, address])).toEqual([
    ["update", "module.waf.aws_wafv2_web_acl.this"],
  ]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  await expect.poll(async () => status(attack), { timeout: 20_000 }).toBe(403);
  expect(await status("?id=1'%20OR%20'1'='1")).toBe(403);
  expect(await status("")).toBe(200);
});

test("a second plan finds nothing", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
});

test("a release whose probe is blocked names the rule, and the old version serves", async () => {
  const changes = { release: { bake: "5s", probe: { path: `/${attack}` } }, env: { A: "1" } };
  await configure(changes);
  const release = await project.run("release", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(3);
  expect(release.stderr).toMatch(/AWS WAF blocked them by its rule AWS#AWSManagedRules\w+#\w+/);
  expect(await status("")).toBe(200);

  await configure({ ...changes, waf: { mode: "count" } });
  await project.runPrinted(release, "--yes");
  const again = await project.run("release", ...(await project.buildArgs()));
  expect(again.exitCode, again.stderr).toBe(0);
});

test("destroy leaves nothing behind, and the policies allow each call", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  const { actions, denied } = await deniedCalls(project, stack, "waf");
  expect(actions).toContain("wafv2:AssociateWebACL");
  expect(denied).toEqual([]);
});

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    ...stack,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2 },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}

async function status(query: string): Promise<number> {
  return (await fetch(`${url}/${query}`)).status;
}
