import type { BudgetState } from "../cost/budget-state.ts";
import type { Estimate } from "../cost/estimate.ts";
import { completeCommands } from "../errors/printed-commands.ts";
import { furtherTexts, partRows, sumText, usesText } from "../views/parts/estimate.ts";
import type { PageCost } from "./page-document.ts";

/** The answer to the question for the budget. */
export type BudgetAnswer =
  | { readonly kind: "none configured" | "not made" }
  | { readonly kind: "found"; readonly state: BudgetState }
  | { readonly kind: "refused"; readonly why: string };

/** `typed`: the command line after the program, whose flags the commands on the page need, too. */
export function pageCost(
  estimate: Estimate,
  answer: BudgetAnswer,
  region: string,
  typed: readonly string[],
): PageCost {
  const complete = (text: string): string => completeCommands(text, typed);
  const budget = budgetFact(answer);
  return {
    sum: sumText(estimate, region),
    parts: partRows(estimate),
    notes: [usesText(estimate), ...furtherTexts(estimate), complete(spentNote)],
    budget: budget === null ? null : { ...budget, text: complete(budget.text) },
  };
}

function budgetFact(answer: BudgetAnswer): PageCost["budget"] {
  switch (answer.kind) {
    case "none configured":
      return null;
    case "not made":
      return { mood: "waiting", text: "budget: not made yet, infer-deploy up makes it" };
    case "refused":
      return { mood: "waiting", text: `budget: could not be read: ${answer.why}` };
    case "found":
      return { mood: budgetMood(answer.state), text: `budget: ${budgetText(answer.state)}` };
  }
}

function budgetMood({ forecast, limit, spent }: BudgetState): "good" | "waiting" | "bad" {
  if (spent > limit) return "bad";
  return forecast !== null && forecast > limit ? "waiting" : "good";
}

function budgetText({ forecast, limit, spent }: BudgetState): string {
  if (spent === 0) {
    return `AWS has counted nothing of ${limit} USD yet; infer-deploy cost says whether it counts by the stack's tag`;
  }
  const share = `${spent.toFixed(2)} of ${limit} USD spent this month (${Math.round((100 * spent) / limit)} %)`;
  return forecast === null ? share : `${share}, AWS expects ${forecast.toFixed(2)}`;
}

const spentNote =
  "what was spent: infer-deploy cost shows it; AWS charges 0.01 USD for each request, so this page does not ask";
