import { DescribeBudgetCommand } from "@aws-sdk/client-budgets";
import { unlessGone } from "../../unless-gone.ts";
import type { Question } from "../question.ts";

/** By its name, because AWS's tag index has no budgets. The credentials of a stack without one may not look. */
export const budgets: Question = {
  service: "budgets",
  kinds: ["budget"],
  ask: async (aws, { budgetAccount: AccountId, names }) => {
    if (AccountId === undefined) return [];
    const client = await aws.budgets();
    const answer = await unlessGone(
      client.send(new DescribeBudgetCommand({ AccountId, BudgetName: names.id })),
    );
    return answer?.Budget === undefined ? [] : [`the budget ${names.id}`];
  },
};
