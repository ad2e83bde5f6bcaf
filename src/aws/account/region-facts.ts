import { DescribeAddressesCommand, DescribeVpcsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { unlessGone } from "../unless-gone.ts";

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

/** A role's ARN with its path; undefined when the account has no role of this name. */
export async function roleArn(
  iam: Pick<IAMClient, "send">,
  name: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const answer = await unlessGone(
    iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal }),
  );
  return answer?.Role?.Arn;
}
