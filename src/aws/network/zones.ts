import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { Zone } from "../../stack/zones.ts";

/** The region's zones that every account may use, and how many of the types each of them has. */
export async function listZones(
  ec2: Pick<EC2Client, "send">,
  instanceTypes: readonly string[],
  abortSignal?: AbortSignal,
): Promise<readonly Zone[]> {
  const options = abortSignal === undefined ? {} : { abortSignal };
  const [known, offered] = await Promise.all([
    // Not filtered by state: a zone in trouble is in trouble for hours, and the stack stays for years.
    ec2.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [
          { Name: "opt-in-status", Values: ["opt-in-not-required"] },
          { Name: "zone-type", Values: ["availability-zone"] },
        ],
      }),
      options,
    ),
    ec2.send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: "availability-zone",
        Filters: [{ Name: "instance-type", Values: [...instanceTypes] }],
      }),
      options,
    ),
  ]);
  const offerings = offered.InstanceTypeOfferings ?? [];
  return (known.AvailabilityZones ?? []).map(({ ZoneName: name = "", ZoneId: id = "" }) => ({
    name,
    id,
    offered: offerings.filter(({ Location }) => Location === name).length,
  }));
}
