import { expect, test } from "vitest";
import { settle } from "../config/schema/settle.ts";
import { checkExistingVpc } from "./existing-vpc.ts";

const vpc = {
  id: "vpc-0123456789abcdef0",
  load_balancer_subnets: ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
  instance_subnets: ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
};

test("a stack with its own network has nothing to look at", async () => {
  const { config, look } = world(undefined);
  expect(await checkExistingVpc(config, false, look)).toEqual([]);
});

test("each problem of an existing VPC is a finding that makes up fail", async () => {
  const { config, look } = world({ vpc, egress: "public" });
  expect(await checkExistingVpc(config, false, look)).toMatchObject([
    { check: "existing VPC", state: "ok" },
  ]);
  const shut = await checkExistingVpc({ ...config, region: "eu-west-1" }, false, async () => ({
    exists: false,
    subnets: [],
    endpoints: [],
  }));
  expect(shut).toMatchObject([
    {
      state: "failed",
      detail:
        "network.vpc.id: vpc-0123456789abcdef0: these credentials see no such VPC in eu-west-1",
    },
  ]);
});

function world(network: Parameters<typeof settle>[3]["network"]) {
  const config = settle("app", "production", "eu-west-1", network === undefined ? {} : { network });
  const look: Parameters<typeof checkExistingVpc>[2] = async ({ id, instanceSubnets }) => ({
    exists: true,
    endpoints: [],
    subnets: instanceSubnets.map((subnet, index) => ({
      id: subnet,
      vpc: id,
      zone: `eu-west-1${index === 0 ? "a" : "b"}`,
      cidr: "10.0.0.0/24",
      freeAddresses: 200,
      routeTable: "rtb-1",
      wayOut: "igw-1",
    })),
  });
  return { config, look };
}
