import { createZone, findZones, recordsAt } from "../../aws/dns/hosted-zones.ts";
import { loadBalancerDnsName } from "../../aws/dns/load-balancer-name.ts";
import type { Deps } from "../../deps.ts";
import type { DomainSources } from "../../domain/check-domain.ts";
import type { ZoneMaker } from "../../domain/make-zone.ts";
import { nameStack } from "../../stack/names.ts";
import { readStackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";

/** What the checks of a domain ask, on AWS and on the internet. */
export function domainSources(
  { publicDns }: Pick<Deps, "publicDns">,
  { aws, config, store }: Pick<Target, "aws" | "config" | "store">,
): DomainSources {
  const { name, environment, region } = config;
  const { load_balancer: loadBalancer } = nameStack(name, environment, region);
  return {
    zones: async (nameOrId) => findZones(await aws.route53(), nameOrId),
    records: async (zoneId, recordName) => recordsAt(await aws.route53(), zoneId, recordName),
    leadsTo: async () => {
      const stack = await readStackRecord(store).catch(() => undefined);
      const sides = [stack?.outputs, stack?.beside].filter((side) => side !== undefined);
      const machines = sides.flatMap((side) => ("machine" in side ? [side.machine.address] : []));
      const hasBalancer = config.topology === "fleet" || machines.length < sides.length;
      const balancer = hasBalancer
        ? await loadBalancerDnsName(await aws.loadBalancing(), loadBalancer)
        : undefined;
      return balancer === undefined ? machines : [...machines, balancer.toLowerCase()];
    },
    publicDns,
  };
}

/** What finds and makes the zone of a domain. */
export function zoneMaker(
  deps: Pick<Deps, "clock" | "publicDns">,
  target: Pick<Target, "aws" | "config" | "store">,
): ZoneMaker {
  return {
    zones: domainSources(deps, target).zones,
    create: async (name) => {
      const reference = `infer-deploy ${name} ${deps.clock.now().toISOString()}`;
      return createZone(await target.aws.route53(), name, reference);
    },
  };
}
