import { readSpent } from "../../aws/cost/read-spent.ts";
import { readUse } from "../../aws/cost/read-use.ts";
import { loadBalancerDimension } from "../../stack/metric-dimensions.ts";
import { advise, leastHours } from "../../cost/advise.ts";
import type { Estimate } from "../../cost/estimate.ts";
import type { Prices } from "../../cost/prices.ts";
import { monthToDate, type Spent } from "../../cost/spent.ts";
import type { Deps } from "../../deps.ts";
import { nameStack } from "../../stack/names.ts";
import { readStackRecord, type FleetOutputs } from "../../state/stack-record.ts";
import type { UseFindings } from "../../views/cost.ts";
import type { Target } from "../target.ts";
import { estimateStack, stackPrices } from "./estimate-stack.ts";

/** The estimate, what was spent (null before the first `up`), and with `advise` what the use says. */
export async function lookAtCosts(
  { clock }: Pick<Deps, "clock">,
  target: Target,
  { advise: asked }: { readonly advise: boolean },
): Promise<{
  readonly estimate: Estimate;
  readonly spent: Spent | null;
  readonly use: UseFindings | null;
}> {
  const { aws, config } = target;
  const [stack, prices] = await Promise.all([readStackRecord(target.store), stackPrices(target)]);
  const estimate = estimateStack(target, prices, stack?.zones);
  if (stack === undefined) return { estimate, spent: null, use: null };
  const now = clock.now();
  const { id } = nameStack(config.name, config.environment, config.region);
  const [spent, use] = await Promise.all([
    aws.costExplorer().then(async (client) => readSpent(client, id, monthToDate(now))),
    asked && !("machine" in stack.outputs)
      ? useOf(target, stack.outputs, { estimate, prices, now })
      : null,
  ]);
  return { estimate, spent, use };
}

async function useOf(
  { aws, config }: Pick<Target, "aws" | "config">,
  outputs: FleetOutputs,
  {
    estimate,
    prices,
    now,
  }: { readonly estimate: Estimate; readonly prices: Prices; readonly now: Date },
): Promise<UseFindings> {
  const hours = await readUse(
    await aws.cloudWatch(),
    {
      groups: Object.values(outputs.autoscaling_group_names),
      loadBalancer: loadBalancerDimension(outputs.load_balancer_arn),
    },
    { now, days: 14 },
  );
  const advice = advise(hours, config, {
    stack: estimate.missing.length === 0 ? estimate.usd_per_month : null,
    instance: estimate.usd_per_further_instance,
    instanceHour: prices.usd.instance,
  });
  return { hours: hours.length, hours_needed: leastHours, advice };
}
