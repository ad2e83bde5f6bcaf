import {
  CreateNatGatewayCommand,
  CreateRouteCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { sandboxCredentials } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { createAwsClients } from "../../../src/aws/clients.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import { repository } from "../../_helpers/cli.ts";
import { makeVpc, type MadeVpc } from "../../_helpers/made-vpc.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/existing-vpc in a VPC that this test makes. First its private subnets have no way out. */
let project: Project;
let ec2: EC2Client;
let vpc: MadeVpc;
let config: Record<string, unknown> & { readonly network: object };
const [name, region] = ["existing", "eu-central-1"];

beforeAll(async () => {
  project = await createProject(name);
  await project.runSandbox("start");
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const { endpoint } = state;
  const aws = createAwsClients({ region, endpoint, credentials: sandboxCredentials(state) });
  ec2 = await aws.ec2();
  vpc = await makeVpc(ec2, region);
  const file = join(repository, "examples", "existing-vpc", "infer-deploy.yml");
  const example = parse(await readFile(file, "utf8")) as typeof config;
  config = {
    ...example,
    name,
    protection: false,
    image: { context: contextFor(project, "examples/python-http"), port: 8000 },
    instances: { min: 1, max: 2 },
    network: {
      ...example.network,
      vpc: { id: vpc.id, load_balancer_subnets: vpc.front, instance_subnets: vpc.back },
    },
  };
});

afterAll(async () => {
  await project.remove();
});

test("plan lists what the VPC lacks, and nothing is applied", async () => {
  const [first, second] = vpc.back;
  await project.configure({
    ...config,
    network: {
      vpc: { id: vpc.id, load_balancer_subnets: [first, second], instance_subnets: vpc.back },
    },
  });
  const refused = await project.run("plan");
  expect(refused.exitCode, refused.stderr).toBe(64);
  expect(refused.stderr).toContain(`The stack cannot use ${vpc.id}, for 4 reasons.`);
  expect(refused.stderr).toContain(
    `network.vpc.load_balancer_subnets.0: ${first}: its route table`,
  );
  expect(refused.stderr).toContain(`network.vpc.instance_subnets.1: ${second}: its route table`);
  await project.configure({
    ...config,
    network: { vpc: { ...vpcKeys(), id: "vpc-00000000000000000" } },
  });
  const lost = await project.run("plan");
  expect(lost.exitCode, lost.stderr).toBe(64);
  expect(lost.stderr).toContain("network.vpc.id: vpc-00000000000000000 in infer-deploy.yml");
});

test("with a way out the stack comes up in it, adds its groups alone, and a second plan finds nothing", async () => {
  const { NatGateway } = await ec2.send(
    new CreateNatGatewayCommand({ SubnetId: vpc.front[0], ConnectivityType: "private" }),
  );
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: vpc.mainTable,
      DestinationCidrBlock: "0.0.0.0/0",
      NatGatewayId: NatGateway?.NatGatewayId,
    }),
  );
  await project.configure(config);
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  expect(await groups()).toEqual([
    "default",
    "existing-production-instances",
    "existing-production-load-balancer",
  ]);
  const plan = await project.run("plan", "--json");
  const document = JSON.parse(plan.stdout) as PlanDocument;
  expect(document, plan.stderr).toMatchObject({ has_changes: false });
  // The gateway of the VPC is not the stack's.
  expect(document.estimate.parts.map(({ part }) => part)).not.toContain("nat_gateways");
});

test("the stack does not move to its own VPC", async () => {
  await project.configure({ ...config, network: {} });
  const refused = await project.run("up");
  expect(refused.exitCode, refused.stderr).toBe(64);
  expect(refused.stderr).toContain("A stack cannot move to another VPC.");
  expect(refused.stderr).toContain(`set network.vpc.id to ${vpc.id}`);
  await project.configure(config);
});

test("destroy leaves the VPC as it was", async () => {
  const destroyed = await project.run("destroy", "--yes");
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stdout).toContain("no tagged resource left");
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpc.id] }));
  expect(Vpcs[0]?.Tags ?? []).toEqual([]);
  expect(await groups()).toEqual(["default"]);
});

function vpcKeys(): { readonly load_balancer_subnets: object; readonly instance_subnets: object } {
  return { load_balancer_subnets: vpc.front, instance_subnets: vpc.back };
}

/** Names of the VPC's security groups. */
async function groups(): Promise<readonly string[]> {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc.id] }] }),
  );
  return SecurityGroups.map(({ GroupName = "" }) => GroupName).toSorted();
}
