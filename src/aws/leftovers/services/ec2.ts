import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
} from "@aws-sdk/client-ec2";
import { everyItem, type Page } from "../../every-item.ts";
import { tagKeys, type Question } from "../question.ts";

/**
 * EC2 and VPC. Every kind is asked by its tags, so the index is not needed. For about an hour EC2 still lists terminated instances and
 * deleted gateways and endpoints (EC2 and VPC user guides); those cost nothing.
 */
export const ec2: Question = {
  service: "ec2",
  get kinds() {
    return Object.keys(kinds);
  },
  ask: async (aws, { name, environment }) => {
    const client = await aws.ec2();
    const filters: Filter[] = [
      { Name: `tag:${tagKeys.name}`, Values: [name] },
      { Name: `tag:${tagKeys.environment}`, Values: [environment] },
    ];
    const found = await Promise.all(
      Object.entries(kinds).map(async ([kind, ask]) => {
        const ids = await everyItem(async (token) => ask(client, filters, token));
        return ids.flatMap((id) => (id === undefined ? [] : [`${kind} ${id}`]));
      }),
    );
    return found.flat();
  },
};

type Ask = (
  ec2: Pick<EC2Client, "send">,
  filters: Filter[],
  token: string | undefined,
) => Promise<Page<string | undefined>>;

/** By the kind in the ARN. */
const kinds: Readonly<Record<string, Ask>> = {
  "elastic-ip": async (client, Filters) => {
    const { Addresses = [] } = await client.send(new DescribeAddressesCommand({ Filters }));
    return { items: Addresses.map(({ AllocationId }) => AllocationId) };
  },
  instance: async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeInstancesCommand({ Filters, NextToken }));
    const instances = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    const left = instances.filter(({ State }) => State?.Name !== "terminated");
    return { items: left.map(({ InstanceId }) => InstanceId), next: page.NextToken };
  },
  "internet-gateway": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeInternetGatewaysCommand({ Filters, NextToken }));
    const ids = (page.InternetGateways ?? []).map(({ InternetGatewayId }) => InternetGatewayId);
    return { items: ids, next: page.NextToken };
  },
  "launch-template": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeLaunchTemplatesCommand({ Filters, NextToken }));
    const ids = (page.LaunchTemplates ?? []).map(({ LaunchTemplateId }) => LaunchTemplateId);
    return { items: ids, next: page.NextToken };
  },
  natgateway: async (client, Filter, NextToken) => {
    const page = await client.send(new DescribeNatGatewaysCommand({ Filter, NextToken }));
    const left = (page.NatGateways ?? []).filter(
      ({ State }) => State !== "deleted" && State !== "failed",
    );
    return { items: left.map(({ NatGatewayId }) => NatGatewayId), next: page.NextToken };
  },
  "network-interface": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeNetworkInterfacesCommand({ Filters, NextToken }));
    const ids = (page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId);
    return { items: ids, next: page.NextToken };
  },
  "route-table": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeRouteTablesCommand({ Filters, NextToken }));
    return {
      items: (page.RouteTables ?? []).map(({ RouteTableId }) => RouteTableId),
      next: page.NextToken,
    };
  },
  "security-group": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeSecurityGroupsCommand({ Filters, NextToken }));
    return {
      items: (page.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
      next: page.NextToken,
    };
  },
  "security-group-rule": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeSecurityGroupRulesCommand({ Filters, NextToken }));
    const ids = (page.SecurityGroupRules ?? []).map(
      ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    );
    return { items: ids, next: page.NextToken };
  },
  subnet: async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeSubnetsCommand({ Filters, NextToken }));
    return { items: (page.Subnets ?? []).map(({ SubnetId }) => SubnetId), next: page.NextToken };
  },
  volume: async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeVolumesCommand({ Filters, NextToken }));
    return { items: (page.Volumes ?? []).map(({ VolumeId }) => VolumeId), next: page.NextToken };
  },
  vpc: async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeVpcsCommand({ Filters, NextToken }));
    return { items: (page.Vpcs ?? []).map(({ VpcId }) => VpcId), next: page.NextToken };
  },
  "vpc-endpoint": async (client, Filters, NextToken) => {
    const page = await client.send(new DescribeVpcEndpointsCommand({ Filters, NextToken }));
    const left = (page.VpcEndpoints ?? []).filter(
      ({ State }) => State?.toLowerCase() !== "deleted",
    );
    return { items: left.map(({ VpcEndpointId }) => VpcEndpointId), next: page.NextToken };
  },
  "vpc-flow-log": async (client, Filter, NextToken) => {
    const page = await client.send(new DescribeFlowLogsCommand({ Filter, NextToken }));
    return { items: (page.FlowLogs ?? []).map(({ FlowLogId }) => FlowLogId), next: page.NextToken };
  },
};
