import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
  type RouteTable,
  type Subnet,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type { ExistingVpc } from "../../config/schema/network.ts";
import type { EndpointFacts, SubnetFacts, VpcFacts } from "../../stack/vpc-facts.ts";
import { everyItem } from "../every-item.ts";

/** What AWS has of an existing VPC and of the subnets that the configuration names. By filters: they do not refuse an id that is unknown. */
export async function lookAtVpc(
  ec2: Pick<EC2Client, "send">,
  { id, loadBalancerSubnets, instanceSubnets }: ExistingVpc,
): Promise<VpcFacts> {
  const ids = [...new Set([...loadBalancerSubnets, ...instanceSubnets])];
  const inVpc = [{ Name: "vpc-id", Values: [id] }];
  const [{ Vpcs = [] }, { Subnets = [] }, tables, endpoints] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({ Filters: inVpc })),
    ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: ids }] })),
    routeTables(ec2, inVpc),
    vpcEndpoints(ec2, inVpc),
  ]);
  return {
    exists: Vpcs.length > 0,
    subnets: Subnets.map((subnet) => subnetFacts(subnet, tables)),
    endpoints: endpoints
      .filter(({ State }) => State?.toLowerCase() === "available")
      .map((endpoint) => endpointFacts(endpoint)),
  };
}

async function routeTables(
  ec2: Pick<EC2Client, "send">,
  Filters: Filter[],
): Promise<readonly RouteTable[]> {
  return everyItem(async (NextToken) => {
    const page = await ec2.send(new DescribeRouteTablesCommand({ Filters, NextToken }));
    return { items: page.RouteTables, next: page.NextToken };
  });
}

async function vpcEndpoints(
  ec2: Pick<EC2Client, "send">,
  Filters: Filter[],
): Promise<readonly VpcEndpoint[]> {
  return everyItem(async (NextToken) => {
    const page = await ec2.send(new DescribeVpcEndpointsCommand({ Filters, NextToken }));
    return { items: page.VpcEndpoints, next: page.NextToken };
  });
}

/** A subnet without its own table has the VPC's main one (VPC user guide, "Subnet route tables"). */
function subnetFacts(
  {
    SubnetId: id = "",
    VpcId: vpc = "",
    AvailabilityZone: zone = "",
    CidrBlock: cidr = "",
    AvailableIpAddressCount: freeAddresses = 0,
  }: Subnet,
  tables: readonly RouteTable[],
): SubnetFacts {
  const table =
    tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === id)) ??
    tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
  return {
    id,
    vpc,
    zone,
    cidr,
    freeAddresses,
    routeTable: table?.RouteTableId ?? "",
    wayOut: wayOut(table),
  };
}

/** A route whose target was deleted stays as a black hole. */
function wayOut(table: RouteTable | undefined): string | null {
  const route = (table?.Routes ?? []).find(
    ({ DestinationCidrBlock, State }) =>
      DestinationCidrBlock === "0.0.0.0/0" && State !== "blackhole",
  );
  return (
    route?.GatewayId ??
    route?.NatGatewayId ??
    route?.TransitGatewayId ??
    route?.NetworkInterfaceId ??
    route?.InstanceId ??
    route?.VpcPeeringConnectionId ??
    route?.LocalGatewayId ??
    route?.CarrierGatewayId ??
    route?.CoreNetworkArn ??
    null
  );
}

function endpointFacts({
  ServiceName: service = "",
  VpcEndpointType: type,
  RouteTableIds: tables = [],
  PrivateDnsEnabled: names = false,
}: VpcEndpoint): EndpointFacts {
  return { service, routeTables: tables, privateNames: type === "Gateway" ? null : names };
}
