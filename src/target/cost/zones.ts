import type { Config } from "../../config/schema/config.ts";

/** In how many zones the load balancer is: `zones` are those of the stack, undefined before it has any. */
export function zoneCount(
  { network }: { readonly network: Pick<Config["network"], "vpc" | "zones"> },
  zones: readonly string[] | undefined,
): number {
  if (network.vpc !== null) return network.vpc.loadBalancerSubnets.length;
  if (zones !== undefined) return zones.length;
  return typeof network.zones === "number" ? network.zones : network.zones.length;
}
