import { expect, test } from "vitest";
import type { Settings } from "../../schema/config.ts";
import { settle } from "../../schema/settle.ts";
import { checkNetwork } from "./network-check.ts";

const [subnetA, subnetB] = ["subnet-0123456789abcdefa", "subnet-0123456789abcdefb"] as const;
const vpc = {
  id: "vpc-0123456789abcdef0",
  load_balancer_subnets: [subnetA, subnetB],
  instance_subnets: [subnetA, subnetB],
};

test.each<[Settings["network"], readonly string[]]>([
  [
    { allow: ["10.1.0.0/16", "192.0.2.0/24", "10.0.0.0/8"] },
    ["network.allow.0: 10.1.0.0/16, which is inside 10.0.0.0/8"],
  ],
  [
    { allow: ["0.0.0.0/0", "10.0.0.0/8"] },
    ["network.allow.1: 10.0.0.0/8, which is inside 0.0.0.0/0"],
  ],
  [{ allow: ["10.0.0.0/16", "10.1.0.0/16"] }, []],
  [{ vpc }, []],
  [{ vpc, egress: "public", internal: true, flow_logs: "none" }, []],
  [
    { vpc: { id: vpc.id } },
    [
      "network.vpc: a VPC without load_balancer_subnets",
      "network.vpc: a VPC without instance_subnets",
    ],
  ],
  [{ vpc, cidr: "10.9.0.0/16" }, ["network.cidr, network.vpc: cidr with an existing VPC"]],
  [{ vpc, zones: 3 }, ["network.zones, network.vpc: zones with an existing VPC"]],
  [{ vpc, flow_logs: "all" }, ["network.flow_logs, network.vpc: flow_logs with an existing VPC"]],
  [
    { vpc, egress: "nat-per-zone" },
    ["network.egress, network.vpc: nat-per-zone with an existing VPC"],
  ],
  [
    { vpc: { ...vpc, instance_subnets: [subnetB, subnetB] } },
    [`network.vpc.instance_subnets.1: ${subnetB} a second time`],
  ],
])("%j: %s", (network, expected) => {
  const config = settle(
    "app",
    "production",
    "eu-central-1",
    network === undefined ? {} : { network },
  );
  const found = [...checkNetwork(config)].map(
    (one) => `${one.paths.map((path) => path.join(".")).join(", ")}: ${one.found}`,
  );
  expect(found).toEqual(expected);
});
