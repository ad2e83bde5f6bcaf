import { findZones, recordsAt } from "../aws/dns/hosted-zones.ts";
import { loadBalancerDnsName } from "../aws/dns/load-balancer-name.ts";
import type { Deps } from "../deps.ts";
import type { DomainSources } from "../domain/check-domain.ts";
import { nameStack } from "../stack/names.ts";
import type { Target } from "./target.ts";

/** What the checks of a domain ask, on AWS and on the internet. */
export function domainSources(
  { publicDns }: Pick<Deps, "publicDns">,
  { aws, config }: Pick<Target, "aws" | "config">,
): DomainSources {
  const { name, environment, region } = config;
  const { load_balancer: loadBalancer } = nameStack(name, environment, region);
  return {
    zones: async (nameOrId) => findZones(await aws.route53(), nameOrId),
    records: async (zoneId, recordName) => recordsAt(await aws.route53(), zoneId, recordName),
    loadBalancerName: async () => loadBalancerDnsName(await aws.loadBalancing(), loadBalancer),
    publicDns,
  };
}
