import type { RouteTable } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { lookAtVpc } from "./existing-vpc.ts";

const vpc = { id: "vpc-1", loadBalancerSubnets: ["subnet-1"], instanceSubnets: ["subnet-2"] };
const local = { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" };
const everywhere = { DestinationCidrBlock: "0.0.0.0/0" };

const main: RouteTable = {
  RouteTableId: "rtb-main",
  Associations: [{ Main: true }],
  Routes: [local, { ...everywhere, NatGatewayId: "nat-1" }],
};

test("a subnet without its own table has the main one", async () => {
  const own: RouteTable = {
    RouteTableId: "rtb-own",
    Associations: [{ SubnetId: "subnet-1" }],
    Routes: [local, { ...everywhere, GatewayId: "igw-1" }],
  };
  const { subnets } = await look([[main], [own]]);
  expect(subnets.map(({ id, routeTable, wayOut }) => [id, routeTable, wayOut])).toEqual([
    ["subnet-1", "rtb-own", "igw-1"],
    ["subnet-2", "rtb-main", "nat-1"],
  ]);
});

test("a route whose target is gone is no way out, and neither is one to part of the world", async () => {
  const dead = { ...everywhere, NatGatewayId: "nat-1", State: "blackhole" as const };
  const part = { DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId: "tgw-1" };
  const { subnets } = await look([[{ ...main, Routes: [local, dead, part] }]]);
  expect(subnets.map(({ wayOut }) => wayOut)).toEqual([null, null]);
});

test("endpoints that are not available yet do not count", async () => {
  const { endpoints, exists } = await look([[main]]);
  expect(exists).toBe(true);
  expect(endpoints).toEqual([
    { service: "com.amazonaws.eu-west-1.s3", routeTables: ["rtb-main"], privateNames: null },
    { service: "com.amazonaws.eu-west-1.logs", routeTables: [], privateNames: true },
  ]);
});

/** `pages`: of the route tables. */
async function look(pages: readonly (readonly RouteTable[])[]) {
  const subnet = (id: string) => ({
    SubnetId: id,
    VpcId: "vpc-1",
    AvailabilityZone: "eu-west-1a",
    CidrBlock: "10.0.0.0/24",
    AvailableIpAddressCount: 200,
  });
  const service = (name: string) => ({ ServiceName: `com.amazonaws.eu-west-1.${name}` });
  const answers: Readonly<Record<string, (token: string | undefined) => object>> = {
    DescribeVpcsCommand: () => ({ Vpcs: [{ VpcId: "vpc-1" }] }),
    DescribeSubnetsCommand: () => ({ Subnets: [subnet("subnet-1"), subnet("subnet-2")] }),
    DescribeRouteTablesCommand: (token = "0") => {
      const next = Number(token) + 1;
      return {
        RouteTables: pages[Number(token)],
        ...(next < pages.length && { NextToken: String(next) }),
      };
    },
    DescribeVpcEndpointsCommand: () => ({
      VpcEndpoints: [
        {
          ...service("s3"),
          VpcEndpointType: "Gateway",
          RouteTableIds: ["rtb-main"],
          State: "available",
        },
        {
          ...service("logs"),
          VpcEndpointType: "Interface",
          PrivateDnsEnabled: true,
          State: "Available",
        },
        {
          ...service("ssm"),
          VpcEndpointType: "Interface",
          PrivateDnsEnabled: true,
          State: "pending",
        },
      ],
    }),
  };
  const send = async (command: { readonly input: { readonly NextToken?: string } }) =>
    answers[command.constructor.name]?.(command.input.NextToken) ?? {};
  return lookAtVpc({ send } as never, vpc);
}
