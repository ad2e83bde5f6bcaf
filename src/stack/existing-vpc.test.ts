import { expect, test } from "vitest";
import { endpointServices, judgeVpc } from "./existing-vpc.ts";
import type { EndpointFacts, SubnetFacts, VpcFacts } from "./vpc-facts.ts";

const vpc = {
  id: "vpc-1",
  loadBalancerSubnets: ["front-a", "front-b"],
  instanceSubnets: ["back-a", "back-b"],
};

type Change = Partial<SubnetFacts>;

test("a VPC with public subnets for the load balancer and a way out for the instances is good", () => {
  expect(judge()).toEqual([]);
});

test("every other way out counts, and a load balancer that is internal needs none", () => {
  for (const wayOut of ["tgw-1", "eni-1", "pcx-1", "vgw-1"]) {
    expect(judge({ "back-a": { wayOut }, "back-b": { wayOut } })).toEqual([]);
  }
  const hidden = { "front-a": { wayOut: null }, "front-b": { wayOut: "nat-1" } };
  expect(judge(hidden, { internal: true })).toEqual([]);
});

test.each<[string, Record<string, Change>, readonly string[]]>([
  [
    "a subnet of another VPC",
    { "back-b": { vpc: "vpc-2" } },
    ["network.vpc.instance_subnets.1: back-b: it is in vpc-2"],
  ],
  [
    "public subnets without a route to the internet",
    { "front-a": { wayOut: "nat-1" }, "front-b": { wayOut: null } },
    [
      "network.vpc.load_balancer_subnets.0: front-a: its route table rtb-front-a leads to nat-1, so nothing on the internet reaches it",
      "network.vpc.load_balancer_subnets.1: front-b: its route table rtb-front-b has no route to 0.0.0.0/0, so nothing on the internet reaches it",
    ],
  ],
  [
    "instances without a way out",
    { "back-a": { wayOut: null } },
    [
      "network.vpc.instance_subnets.0: back-a: its route table rtb-back-a has no route to 0.0.0.0/0: instances could not reach their image",
    ],
  ],
  [
    "instances behind an internet gateway without public addresses",
    { "back-a": { wayOut: "igw-1" } },
    [
      "network.vpc.instance_subnets.0: back-a: its route table rtb-back-a leads to igw-1, which only lets out instances with public addresses",
    ],
  ],
  [
    "two subnets of the load balancer in one zone, which leaves instances without one",
    { "front-b": { zone: "a" } },
    [
      "network.vpc.load_balancer_subnets.1: front-b: it is in a, as is front-a",
      "network.vpc.instance_subnets.1: back-b: it is in b, where the load balancer has no subnet and sends no requests",
    ],
  ],
  [
    "instances in one zone only",
    { "back-b": { zone: "a" } },
    [
      "network.vpc.instance_subnets.1: back-b: it is in a, as is back-a",
      "network.vpc.instance_subnets: all are in a",
    ],
  ],
  [
    "a subnet that is too small, and one that is full",
    { "front-a": { cidr: "10.0.0.0/28" }, "front-b": { freeAddresses: 7 } },
    [
      "network.vpc.load_balancer_subnets.0: front-a: its range 10.0.0.0/28 is too small for a load balancer",
      "network.vpc.load_balancer_subnets.1: front-b: 7 addresses are free",
    ],
  ],
  [
    "instances in the range of Docker's network",
    { "back-a": { cidr: "172.17.4.0/24" } },
    [
      "network.vpc.instance_subnets.0: back-a: its range 172.17.4.0/24 overlaps 172.17.0.0/16, Docker's own network on every instance",
    ],
  ],
])("%s", (_, changes, expected) => {
  expect(judge(changes)).toEqual(expected);
});

test("a load balancer that exists has taken its addresses", () => {
  expect(judge({ "front-b": { freeAddresses: 0 } }, { isNew: false })).toEqual([]);
});

test("what does not exist is the only news", () => {
  expect(judge({}, {}, { exists: false })).toEqual([
    "network.vpc.id: vpc-1: these credentials see no such VPC in eu-west-1",
  ]);
  expect(judge({}, {}, { subnets: [] })).toHaveLength(4);
});

test("with egress public the instances' subnets lead to an internet gateway", () => {
  const open = { "back-a": { wayOut: "igw-1" }, "back-b": { wayOut: "igw-1" } };
  expect(judge(open, { egress: "public" })).toEqual([]);
  expect(judge({}, { egress: "public" })[0]).toContain(
    "leads to nat-1, and network.egress is public",
  );
});

test("with egress endpoints the VPC has each of them, and no route is needed", () => {
  const shut = { "back-a": { wayOut: null }, "back-b": { wayOut: null } };
  const interfaces: readonly EndpointFacts[] = endpointServices.map((service) => ({
    service: `com.amazonaws.eu-west-1.${service}`,
    routeTables: [],
    privateNames: true,
  }));
  const s3 = (...routeTables: string[]) => ({
    service: "com.amazonaws.eu-west-1.s3",
    routeTables,
    privateNames: null,
  });
  const look = (endpoints: readonly EndpointFacts[]) =>
    judge(shut, { egress: "endpoints" }, { endpoints });
  expect(look([...interfaces, s3("rtb-back-a", "rtb-back-b")])).toEqual([]);
  expect(look([...interfaces.slice(1), s3("rtb-back-a")])).toEqual([
    "network.egress: endpoints: the VPC has no interface endpoint with private DNS names for com.amazonaws.eu-west-1.ecr.api",
    "network.egress: endpoints: rtb-back-b has no gateway endpoint of S3",
  ]);
});

function judge(
  changes: Readonly<Record<string, Change>> = {},
  {
    egress = "nat",
    internal = false,
    isNew = true,
  }: {
    readonly egress?: "endpoints" | "nat" | "public";
    readonly internal?: boolean;
    readonly isNew?: boolean;
  } = {},
  facts: Partial<VpcFacts> = {},
): readonly string[] {
  const subnets = ["front-a", "front-b", "back-a", "back-b"].map((id) => ({
    id,
    vpc: "vpc-1",
    zone: id.slice(-1),
    cidr: "10.0.0.0/24",
    freeAddresses: 200,
    routeTable: `rtb-${id}`,
    wayOut: id.startsWith("front") ? "igw-1" : "nat-1",
    ...changes[id],
  }));
  const settings = { region: "eu-west-1", network: { egress, internal }, vpc };
  return judgeVpc(settings, { exists: true, subnets, endpoints: [], ...facts }, isNew).map(
    ({ where, what }) => `${where}: ${what}`,
  );
}
