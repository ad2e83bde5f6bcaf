import { readPrices } from "../../aws/cost/read-prices.ts";
import { estimate, type Estimate } from "../../cost/estimate.ts";
import type { Prices } from "../../cost/prices.ts";
import type { Target } from "../target.ts";
import { zoneCount } from "./zones.ts";

/** The prices for this stack's region and instance type. Never throws. */
export async function stackPrices({
  aws,
  config,
}: Pick<Target, "aws" | "config">): Promise<Prices> {
  return readPrices(await aws.pricing(), config.region, config.instances.type);
}

/** `zones`: of the stack; undefined before it has any. */
export function estimateStack(
  { config }: Pick<Target, "config">,
  prices: Prices,
  zones: readonly string[] | undefined,
): Estimate {
  return estimate(config, zoneCount(config, zones), prices);
}
