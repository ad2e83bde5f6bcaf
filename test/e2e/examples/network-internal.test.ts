import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { openStack } from "../../_helpers/stack-inside.ts";

/** examples/network-internal: a private address. */
let project: Project;
let config: Record<string, unknown> & { readonly network: object };
const name = "private-api";

beforeAll(async () => {
  project = await createProject(name);
  const file = join(repository, "examples", "network-internal", "infer-deploy.yml");
  config = {
    ...(parse(await readFile(file, "utf8")) as typeof config),
    name,
    protection: false,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2 },
  };
  await project.configure(config);
});

afterAll(async () => {
  await project.remove();
});

test("up makes an internal load balancer in the private subnets, and a second plan finds nothing", async () => {
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  expect(up.stderr).toContain("the address is private (network.internal)");
  expect(up.stdout).not.toContain("open to the world");
  const { aws, outputs } = await openStack(project, { name, region: "eu-central-1" });
  const { LoadBalancers: [balancer] = [] } = await (
    await aws.loadBalancing()
  ).send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [outputs.load_balancer_arn] }));
  expect(balancer?.Scheme).toBe("internal");
  const SubnetIds = balancer?.AvailabilityZones?.map(({ SubnetId = "" }) => SubnetId) ?? [];
  const { Subnets = [] } = await (await aws.ec2()).send(new DescribeSubnetsCommand({ SubnetIds }));
  const names = Subnets.flatMap(({ Tags = [] }) =>
    Tags.flatMap(({ Key, Value = "" }) => (Key === "Name" ? [Value] : [])),
  );
  expect(names.toSorted()).toEqual([
    "private-api-production-private-eu-central-1a",
    "private-api-production-private-eu-central-1b",
  ]);
  const plan = await project.run("plan", "--json");
  expect((JSON.parse(plan.stdout) as PlanDocument).has_changes, plan.stderr).toBe(false);
  const status = await project.run("status");
  expect(status.exitCode, status.stdout).toBe(0);
});

test("the address stays private: plan and up refuse to make it public", async () => {
  await project.configure({ ...config, network: { ...config.network, internal: false } });
  for (const verb of ["plan", "up"]) {
    const refused = await project.run(verb);
    expect(refused.exitCode, verb).toBe(64);
    expect(refused.stderr).toContain("network.internal: false in infer-deploy.yml");
  }
  await project.configure(config);
});

test("destroy leaves nothing", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
});
