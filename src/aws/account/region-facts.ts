import {
  DescribeAddressesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";

/** How many VPCs and Elastic IP addresses the account has in this region. */
export async function countNetworks(
  ec2: Pick<EC2Client, "send">,
  abortSignal: AbortSignal,
): Promise<{ readonly vpcs: number; readonly addresses: number }> {
  const [{ Vpcs = [] }, { Addresses = [] }] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({}), { abortSignal }),
    ec2.send(new DescribeAddressesCommand({}), { abortSignal }),
  ]);
  return { vpcs: Vpcs.length, addresses: Addresses.length };
}

/** The zones of the region that offer the instance type, sorted by name. */
export async function zonesWith(
  ec2: Pick<EC2Client, "send">,
  instanceType: string,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const { InstanceTypeOfferings = [] } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [instanceType] }],
    }),
    { abortSignal },
  );
  return InstanceTypeOfferings.map(({ Location }) => Location ?? "").toSorted();
}

/** A role's ARN with its path; undefined when the account has no role of this name. */
export async function roleArn(
  iam: Pick<IAMClient, "send">,
  name: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal });
    return Role?.Arn;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return undefined;
    throw error;
  }
}
