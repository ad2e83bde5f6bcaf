import { findZones, recordsAt } from "../../dns/hosted-zones.ts";
import { unlessGone } from "../../unless-gone.ts";
import type { Question } from "../question.ts";

/** The domains' address records, which have no tags. They are the stack's when they lead to its load balancer, whose name another region can have too. */
export const records: Question = {
  service: "route53",
  kinds: [],
  ask: async (aws, { domain, names, region }) => {
    if (domain === null) return [];
    const route53 = await aws.route53();
    const zone = (await findZones(route53, domain.zone)).find(({ isPrivate }) => !isPrivate);
    if (zone === undefined) return [];
    const ownName = new RegExp(`^${names.load_balancer}-\\w+\\.${region}\\.`, "i");
    const left: string[] = [];
    // One after the other: Route53 answers five calls a second for the whole account.
    for (const name of domain.names) {
      const found = await unlessGone(recordsAt(route53, zone.id, name));
      const isOurs = found?.some(
        ({ type, values }) => type === "A" && values.some((value) => ownName.test(value)),
      );
      if (isOurs === true) left.push(`Route53 record A ${name} in zone ${domain.zone}`);
    }
    return left;
  },
};
