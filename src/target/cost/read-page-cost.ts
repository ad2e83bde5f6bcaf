import { readBudget } from "../../aws/cost/read-budget.ts";
import { pageCost, type BudgetAnswer } from "../../dashboard/page-cost.ts";
import type { PageCost } from "../../dashboard/page-document.ts";
import type { Deps } from "../../deps.ts";
import { describeLine } from "../../errors/describe.ts";
import { nameStack } from "../../stack/names.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import { estimateStack, stackPrices } from "./estimate-stack.ts";

/** What the page of `dashboard` shows: the estimate of `cost`, and the budget. Asks for nothing that AWS charges for. */
export async function readPageCost(
  {
    args,
    interrupts,
  }: Pick<Deps, "args"> & { readonly interrupts: Pick<Deps["interrupts"], "aborted"> },
  target: Pick<Target, "aws" | "config" | "identity">,
  { zones }: Pick<StackRecord, "zones">,
): Promise<PageCost> {
  const [prices, budget] = await Promise.all([
    stackPrices(target),
    askForBudget(target, interrupts.aborted),
  ]);
  return pageCost(estimateStack(target, prices, zones), budget, target.config.region, args);
}

async function askForBudget(
  { aws, config, identity }: Pick<Target, "aws" | "config" | "identity">,
  signal: AbortSignal,
): Promise<BudgetAnswer> {
  if (config.budget === null) return { kind: "none configured" };
  const { id: name } = nameStack(config.name, config.environment, config.region);
  try {
    const state = await readBudget(
      await aws.budgets(),
      { account: identity.account, name },
      signal,
    );
    return state === undefined ? { kind: "not made" } : { kind: "found", state };
  } catch (error) {
    return { kind: "refused", why: describeLine(error) };
  }
}
