import {
  DescribeInstanceTypesCommand,
  type _InstanceType,
  type EC2Client,
} from "@aws-sdk/client-ec2";

/** MiB of memory of an instance type; undefined for one that EC2 does not know. */
export async function memoryOf(
  ec2: Pick<EC2Client, "send">,
  type: string,
): Promise<number | undefined> {
  const { InstanceTypes } = await ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [type as _InstanceType] }),
  );
  return InstanceTypes?.[0]?.MemoryInfo?.SizeInMiB;
}
