import { DescribeInstancesCommand, DescribeNatGatewaysCommand } from "@aws-sdk/client-ec2";
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import type { AwsClients } from "./clients.ts";

/** The sorted ARNs of everything in the region that has the stack's tags and still exists. */
export async function findLeft(
  aws: Pick<AwsClients, "tagging" | "ec2">,
  name: string,
  environment: string,
): Promise<readonly string[]> {
  const tagged = await findTagged(await aws.tagging(), name, environment);
  const kept = await Promise.all(
    tagged.map(async (arn) => ((await isGone(aws, arn)) ? [] : [arn])),
  );
  return kept.flat();
}

async function findTagged(
  tagging: Pick<ResourceGroupsTaggingAPIClient, "send">,
  name: string,
  environment: string,
): Promise<readonly string[]> {
  const arns: string[] = [];
  let token: string | undefined;
  do {
    const page = await tagging.send(
      new GetResourcesCommand({
        TagFilters: [
          { Key: "infer-deploy:name", Values: [name] },
          { Key: "infer-deploy:environment", Values: [environment] },
        ],
        PaginationToken: token,
      }),
    );
    arns.push(...(page.ResourceTagMappingList ?? []).map((mapping) => mapping.ResourceARN ?? ""));
    token = page.PaginationToken === "" ? undefined : page.PaginationToken;
  } while (token !== undefined);
  return arns.toSorted();
}

/**
 * For about an hour EC2 still lists terminated instances and deleted NAT gateways with their tags (EC2 and VPC user guides,
 * "Terminate your instance", "Delete a NAT gateway"). They cost nothing.
 */
async function isGone(aws: Pick<AwsClients, "ec2">, arn: string): Promise<boolean> {
  const [, kind, id] = /:(instance|natgateway)\/([\w-]+)$/.exec(arn) ?? [];
  if (kind === undefined || id === undefined) {
    return false;
  }
  const ec2 = await aws.ec2();
  try {
    if (kind === "natgateway") {
      const answer = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
      return (answer.NatGateways ?? []).every((gateway) => gateway.State === "deleted");
    }
    const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instances = (answer.Reservations ?? []).flatMap(
      (reservation) => reservation.Instances ?? [],
    );
    return instances.every((instance) => instance.State?.Name === "terminated");
  } catch (error) {
    if (error instanceof Error && /NotFound/.test(error.name)) {
      return true;
    }
    throw error;
  }
}
