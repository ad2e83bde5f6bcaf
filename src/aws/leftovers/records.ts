import { findZones, recordsAt } from "../dns/hosted-zones.ts";
import { unlessGone } from "../unless-gone.ts";
import type { Question } from "./question.ts";

/** The domain's address record, which has no tags. It is the stack's when it leads to the stack's load balancer. */
export const records: Question = {
  service: "route53",
  kinds: [],
  ask: async (aws, { domain, names }) => {
    if (domain === null) return [];
    const route53 = await aws.route53();
    const zone = (await findZones(route53, domain.zone)).find(({ isPrivate }) => !isPrivate);
    if (zone === undefined) return [];
    const found = await unlessGone(recordsAt(route53, zone.id, domain.name));
    const ownName = new RegExp(`^${names.load_balancer}-\\w+\\.`, "i");
    const isOurs = found?.some(
      ({ type, values }) => type === "A" && values.some((value) => ownName.test(value)),
    );
    return isOurs === true ? [`Route53 record A ${domain.name} in zone ${domain.zone}`] : [];
  },
};
