import { createZone, findZones, recordsAt } from "../aws/dns/hosted-zones.ts";
import { loadBalancerDnsName } from "../aws/dns/load-balancer-name.ts";
import type { Deps } from "../deps.ts";
import type { DomainSources } from "../domain/check-domain.ts";
import type { ZoneMaker } from "../domain/make-zone.ts";
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

/** What finds and makes the zone of a domain. */
export function zoneMaker({ clock }: Pick<Deps, "clock">, { aws }: Pick<Target, "aws">): ZoneMaker {
  return {
    zones: async (nameOrId) => findZones(await aws.route53(), nameOrId),
    create: async (name) =>
      createZone(await aws.route53(), name, `infer-deploy ${name} ${clock.now().toISOString()}`),
  };
}
