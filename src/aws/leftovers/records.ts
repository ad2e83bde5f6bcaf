import {
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { unlessGone, type Question } from "./question.ts";

/** The domain's address record, which has no tags. It is the stack's when it leads to the stack's load balancer. */
export const records: Question = {
  service: "route53",
  kinds: [],
  ask: async (aws, { domain, names }) => {
    if (domain === null) return [];
    const route53 = await aws.route53();
    const zone = await zoneId(route53, domain.zone);
    if (zone === undefined) return [];
    const answer = await unlessGone(
      route53.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zone,
          StartRecordName: domain.name,
          StartRecordType: "A",
          MaxItems: 1,
        }),
      ),
    );
    const [record] = answer?.ResourceRecordSets ?? [];
    const isOurs =
      record?.Type === "A" &&
      withoutDot(record.Name) === domain.name &&
      new RegExp(`^(dualstack\\.)?${names.load_balancer}-\\w+\\.`).test(
        record.AliasTarget?.DNSName ?? "",
      );
    return isOurs ? [`Route53 record A ${domain.name} in zone ${domain.zone}`] : [];
  },
};

/** The id of a public zone that the config names by id or by name; undefined when there is none. */
export async function zoneId(
  route53: Pick<Route53Client, "send">,
  zone: string,
): Promise<string | undefined> {
  if (!zone.includes(".")) return zone;
  const { HostedZones = [] } = await route53.send(
    new ListHostedZonesByNameCommand({ DNSName: zone }),
  );
  return HostedZones.find(
    ({ Name, Config }) => withoutDot(Name) === zone && Config?.PrivateZone !== true,
  )?.Id?.replace("/hostedzone/", "");
}

function withoutDot(name: string | undefined): string | undefined {
  return name?.replace(/\.$/, "");
}
