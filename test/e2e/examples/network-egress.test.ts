import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { networkCalls } from "../../_helpers/network-calls.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/network-egress, one environment after the other on the same stack: each is another way out. */
let project: Project;
let example: Record<string, unknown> & {
  readonly environments: Readonly<Record<string, { network: object; instances?: object }>>;
  readonly network: object;
};
const name = "egress";

beforeAll(async () => {
  project = await createProject(name);
  const file = join(repository, "examples", "network-egress", "infer-deploy.yml");
  example = parse(await readFile(file, "utf8")) as typeof example;
});

afterAll(async () => {
  await project.remove();
});

test("up with endpoints only, whose price the plan says", async () => {
  await configure("closed");
  const result = await project.run("plan");
  expect(result.stdout, result.stderr).toContain(
    "endpoints         6 in each of 2 zones     105.12\n",
  );
  expect(result.stdout).toContain("traffic through endpoints at 0.01 USD a GB");
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
});

test("one NAT gateway and a third zone come in place, and a second plan finds nothing", async () => {
  await configure("staging", { zones: 3 });
  const { changes, estimate } = await plan();
  const gateways = estimate.parts.find(({ part }) => part === "nat_gateways");
  expect(gateways).toEqual({ part: "nat_gateways", what: "1", usd_per_month: 37.96 });
  const lost = changes.filter(
    ({ action, address }) =>
      // Another kind of traffic is another flow log.
      (action === "replace" && !address.startsWith("module.network.aws_flow_log.")) ||
      (action === "delete" && /aws_(?:subnet|vpc|lb|autoscaling_group)\b/.test(address)),
  );
  expect(lost).toEqual([]);
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await plan()).has_changes).toBe(false);
});

test("a gateway in each zone only turns the routes of the others", async () => {
  await configure("production", { zones: 3 });
  const up = await project.run("up", "--yes");
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stderr).toMatch(/: 4 to add, 2 to change, 0 to destroy/);
});

test("destroy leaves nothing, and the policies allow each call", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const { actions, denied } = await deniedCalls(project, { name, region: "eu-central-1" });
  expect(denied).toEqual([]);
  const made = new Set(actions);
  expect(networkCalls.egress.filter((action) => !made.has(action))).toEqual([]);
});

/** One stack for all environments, in the environment `production`. */
async function configure(environment: string, network: object = {}): Promise<void> {
  const { environments, ...base } = example;
  const { instances = {} } = environments[environment] ?? {};
  await project.configure({
    ...base,
    name,
    protection: false,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2, ...instances },
    network: { ...base.network, ...egressOf(environment), ...network },
  });
}

function egressOf(environment: string): { readonly egress?: string } {
  return example.environments[environment]?.network ?? {};
}

async function plan(): Promise<PlanDocument> {
  const result = await project.run("plan", "--json");
  expect(result.exitCode, result.stderr).toBe(0);
  return JSON.parse(result.stdout) as PlanDocument;
}
