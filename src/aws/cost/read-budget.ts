import { DescribeBudgetCommand, type BudgetsClient } from "@aws-sdk/client-budgets";
import type { BudgetState } from "../../cost/budget-state.ts";
import { unlessGone } from "../unless-gone.ts";

/**
 * The budget with this name; undefined when there is none. AWS charges nothing for asking, and counts up to three times a day:
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export async function readBudget(
  budgets: Pick<BudgetsClient, "send">,
  { account: AccountId, name: BudgetName }: { readonly account: string; readonly name: string },
  abortSignal: AbortSignal,
): Promise<BudgetState | undefined> {
  const answer = await unlessGone(
    budgets.send(new DescribeBudgetCommand({ AccountId, BudgetName }), { abortSignal }),
  );
  const { BudgetLimit: limit, CalculatedSpend: counted } = answer?.Budget ?? {};
  if (limit?.Amount === undefined) return undefined;
  return {
    limit: Number(limit.Amount),
    spent: Number(counted?.ActualSpend?.Amount ?? 0),
    forecast: forecastOf(counted?.ForecastedSpend?.Amount),
  };
}

/** AWS expects nothing before it has some weeks of data. */
function forecastOf(amount: string | undefined): number | null {
  return amount === undefined || Number(amount) === 0 ? null : Number(amount);
}
