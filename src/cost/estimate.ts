import { settleInstances } from "../config/schema/fleet/instances.ts";
import { networkDefaults } from "../config/schema/network.ts";
import type { CostPart, CostSettings, PartName } from "./cost-part.ts";
import { cents } from "./money.ts";
import { tableDate } from "./price-table.ts";
import { hoursAMonth, type Prices, type RegionalPrice } from "./prices.ts";
import { edgeParts } from "./parts-edge.ts";
import { fastDiskGb, fleetParts, instanceMonth } from "./parts-fleet.ts";
import { networkParts } from "./parts-network.ts";
import { sightParts } from "./parts-sight.ts";
import { openUses, type OpenUse } from "./open-uses.ts";

/** What a stack costs by list prices, in USD. */
export interface Estimate {
  readonly currency: "USD";
  readonly parts: readonly CostPart[];
  /** The sum of the parts whose price is known. */
  readonly usd_per_month: number;
  /** The parts that the sum lacks. */
  readonly missing: readonly PartName[];
  /** An instance more, with its disk and address; null where a price is not known. */
  readonly usd_per_further_instance: number | null;
  /** What a release adds for each hour in which both versions run; 0 for `rolling`, null where a price is not known. */
  readonly usd_per_release_hour: number | null;
  /** The sum of two such machines behind a load balancer; null for a fleet, and where a price is not known. */
  readonly usd_per_month_as_fleet: number | null;
  /** What depends on the use. It is in no sum. */
  readonly by_use: readonly OpenUse[];
  readonly prices: {
    /** `list`: all that the estimate needs and that depend on the region are AWS's price list of today; `table`: none. */
    readonly source: "list" | "mixed" | "table";
    readonly table_date: string;
  };
}

/**
 * What the stack costs a month with its fewest instances: `zones` is how many the load balancer is in. A month has 730 hours, and each price is
 * AWS's list price, without tax, discounts and the free tier.
 */
export function estimate(config: CostSettings, zones: number, prices: Prices): Estimate {
  const parts = [
    ...fleetParts(config, prices.usd),
    ...networkParts(config, zones, prices.usd),
    ...edgeParts(config),
    ...sightParts(config),
  ];
  const fleet = asFleet(config);
  const further = config.topology === "single" ? null : instanceMonth(config, prices.usd);
  // One machine runs both versions.
  const isSecondFleet = config.release.strategy !== "rolling" && config.topology === "fleet";
  return {
    currency: "USD",
    parts,
    usd_per_month: cents(parts.reduce((sum, part) => sum + (part.usd_per_month ?? 0), 0)),
    missing: parts.filter((part) => part.usd_per_month === null).map(({ part }) => part),
    usd_per_further_instance: further === null ? null : cents(further),
    usd_per_release_hour: !isSecondFleet
      ? 0
      : further === null
        ? null
        : fine((config.instances.min * further) / hoursAMonth),
    usd_per_month_as_fleet: fleet === null ? null : wholeSum(estimate(fleet, zones, prices)),
    by_use: openUses(config, prices.usd),
    prices: { source: sourceOf(prices, parts, config), table_date: tableDate },
  };
}

/** As a fleet has it by default. */
function asFleet(config: CostSettings): CostSettings | null {
  const { instances, network, topology } = config;
  if (topology === "fleet") return null;
  const { min, max } = settleInstances();
  return {
    ...config,
    topology: "fleet",
    instances: { ...instances, min, max },
    network: { ...network, egress: networkDefaults.egress },
  };
}

function wholeSum({ missing, usd_per_month: usd }: Estimate): number | null {
  return missing.length === 0 ? usd : null;
}

/** By the prices that this stack needs. */
function sourceOf(
  { listed }: Prices,
  parts: readonly CostPart[],
  { instances }: Pick<CostSettings, "instances">,
): Estimate["prices"]["source"] {
  const has = (name: PartName): boolean => parts.some(({ part }) => part === name);
  const needed: readonly RegionalPrice[] = [
    ...(["instance", "gp3_gb_month"] as const),
    ...(has("load_balancer") ? (["load_balancer", "lcu"] as const) : []),
    ...(instances.diskGb < fastDiskGb ? [] : (["gp3_throughput_month"] as const)),
    ...(has("nat_gateways") ? (["nat_gateway", "nat_gb"] as const) : []),
    ...(has("endpoints") ? (["endpoint", "endpoint_gb"] as const) : []),
  ];
  const found = needed.filter((name) => listed.includes(name)).length;
  return found === 0 ? "table" : found === needed.length ? "list" : "mixed";
}

/** Four digits behind the point, because a small fleet costs a few cents an hour. */
function fine(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
