import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { createAwsClients } from "../../src/aws/clients.ts";

/** What a region holds that a stack may have made and that costs money or holds a name; asked from each service, not from the index of tags. */
export async function leftOver(
  state: Pick<SandboxState, "endpoint" | "key">,
  region: string,
): Promise<readonly string[]> {
  const aws = createAwsClients({
    region,
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
  const [ec2, balancing, scaling, ecr, ssm] = await Promise.all([
    aws.ec2(),
    aws.loadBalancing(),
    aws.autoScaling(),
    aws.ecr(),
    aws.ssm(),
  ]);
  const found = await Promise.all([
    ec2
      .send(new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["false"] }] }))
      .then(({ Vpcs = [] }) => Vpcs.map(({ VpcId }) => VpcId)),
    ec2
      .send(new DescribeNatGatewaysCommand({}))
      .then(({ NatGateways = [] }) =>
        NatGateways.filter(({ State }) => State !== "deleted").map(
          ({ NatGatewayId }) => NatGatewayId,
        ),
      ),
    ec2
      .send(new DescribeAddressesCommand({}))
      .then(({ Addresses = [] }) => Addresses.map(({ AllocationId }) => AllocationId)),
    ec2.send(new DescribeInstancesCommand({})).then(({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name !== "terminated")
        .map(({ InstanceId }) => InstanceId),
    ),
    ec2
      .send(new DescribeLaunchTemplatesCommand({}))
      .then(({ LaunchTemplates = [] }) =>
        LaunchTemplates.map(({ LaunchTemplateName }) => LaunchTemplateName),
      ),
    balancing
      .send(new DescribeLoadBalancersCommand({}))
      .then(({ LoadBalancers = [] }) =>
        LoadBalancers.map(({ LoadBalancerName }) => LoadBalancerName),
      ),
    balancing
      .send(new DescribeTargetGroupsCommand({}))
      .then(({ TargetGroups = [] }) => TargetGroups.map(({ TargetGroupName }) => TargetGroupName)),
    scaling
      .send(new DescribeAutoScalingGroupsCommand({}))
      .then(({ AutoScalingGroups = [] }) =>
        AutoScalingGroups.map(({ AutoScalingGroupName }) => AutoScalingGroupName),
      ),
    ecr
      .send(new DescribeRepositoriesCommand({}))
      .then(({ repositories = [] }) => repositories.map(({ repositoryName }) => repositoryName)),
    ssm.send(new DescribeParametersCommand({})).then(({ Parameters = [] }) =>
      // Every region has AWS's own.
      Parameters.map(({ Name }) => Name).filter((name) => name?.startsWith("/aws/") !== true),
    ),
  ]);
  return found.flat().map((name) => name ?? "without a name");
}
