import type { CostPart, CostSettings } from "./cost-part.ts";
import { counted, sumOf, times } from "./money.ts";
import { everywhere, hoursAMonth, type Prices } from "./prices.ts";

/** The services of templates/terraform/modules/network/endpoints.tf. */
export const interfaceEndpoints = 6;

/**
 * The load balancer, the way out and the public addresses. A load balancer unit (LCU) is 25 new connections a second, 3,000 open ones or 1 GB an
 * hour, whichever is more; one is assumed.
 */
export function networkParts(
  config: Pick<CostSettings, "https" | "instances" | "network" | "topology">,
  zones: number,
  usd: Prices["usd"],
): readonly CostPart[] {
  // The Elastic IP. It costs the same as the address that it replaces.
  if (config.topology === "single") return [publicAddresses(1)];
  const gateways = gatewaysOf(config, zones);
  const endpoints =
    config.network.vpc === null && config.network.egress === "endpoints"
      ? interfaceEndpoints * zones
      : 0;
  const addresses = addressesOf(config, zones);
  return [
    {
      part: "load_balancer",
      what: "1 with 1 LCU on average",
      usd_per_month: sumOf(times(hoursAMonth, usd.load_balancer), times(hoursAMonth, usd.lcu)),
    },
    ...(gateways === 0
      ? []
      : [
          {
            part: "nat_gateways" as const,
            what: String(gateways),
            usd_per_month: sumOf(times(gateways * hoursAMonth, usd.nat_gateway)),
          },
        ]),
    ...(endpoints === 0
      ? []
      : [
          {
            part: "endpoints" as const,
            what: `${interfaceEndpoints} in each of ${counted(zones, "zone")}`,
            usd_per_month: sumOf(times(endpoints * hoursAMonth, usd.endpoint)),
          },
        ]),
    ...(addresses === 0 ? [] : [publicAddresses(addresses)]),
  ];
}

function publicAddresses(count: number): CostPart {
  return {
    part: "public_addresses",
    what: `${count} (IPv4)`,
    usd_per_month: sumOf(count * hoursAMonth * everywhere.addressHour),
  };
}

/** An existing VPC's gateways are not the stack's. */
function gatewaysOf({ network }: Pick<CostSettings, "network">, zones: number): number {
  if (network.vpc !== null) return 0;
  return { nat: 1, "nat-per-zone": zones, endpoints: 0, public: 0 }[network.egress];
}

/** A public load balancer has one in each zone, a NAT gateway one, and an instance one where that is its way out. */
function addressesOf(
  config: Pick<CostSettings, "https" | "instances" | "network">,
  zones: number,
): number {
  const { https, instances, network } = config;
  const isPrivate = network.internal || https === "cloudfront";
  return (
    (isPrivate ? 0 : zones) +
    gatewaysOf(config, zones) +
    (network.egress === "public" ? instances.min : 0)
  );
}
