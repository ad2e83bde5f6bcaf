import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  type _InstanceType,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { everyItem } from "../every-item.ts";

/** How many instances of each type run or start in this region. Spot Instances count against separate quotas. */
export async function runningTypes(
  ec2: Pick<EC2Client, "send">,
  purchase: "on-demand" | "spot",
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const reservations = await everyItem(async (NextToken) => {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
        MaxResults: 1000,
        NextToken,
      }),
      { abortSignal },
    );
    return { items: page.Reservations, next: page.NextToken };
  });
  const counts = new Map<string, number>();
  for (const { InstanceType, InstanceLifecycle } of reservations.flatMap(
    ({ Instances = [] }) => Instances,
  )) {
    const wanted = purchase === "spot" ? "spot" : undefined;
    if (InstanceType === undefined || InstanceLifecycle !== wanted) continue;
    counts.set(InstanceType, (counts.get(InstanceType) ?? 0) + 1);
  }
  return counts;
}

/** The default vCPUs of each type; a type that EC2 does not know is left out. */
export async function vcpusOf(
  ec2: Pick<EC2Client, "send">,
  types: readonly string[],
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (let start = 0; start < types.length; start += typesInCall) {
    const page = await ec2.send(
      new DescribeInstanceTypesCommand({
        InstanceTypes: types.slice(start, start + typesInCall) as _InstanceType[],
      }),
      { abortSignal },
    );
    for (const { InstanceType, VCpuInfo } of page.InstanceTypes ?? []) {
      if (InstanceType !== undefined) found.set(InstanceType, VCpuInfo?.DefaultVCpus ?? 0);
    }
  }
  return found;
}

/** DescribeInstanceTypes accepts at most 100 types. */
const typesInCall = 100;
