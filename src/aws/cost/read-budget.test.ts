import type { BudgetsClient } from "@aws-sdk/client-budgets";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { readBudget } from "./read-budget.ts";

const place = { account: "111122223333", name: "app-production" };
const { signal } = new AbortController();

function budgets(answer: object) {
  const asked: unknown[] = [];
  const client = {
    send: async ({ input }: { readonly input: unknown }) => {
      asked.push(input);
      if (answer instanceof Error) throw answer;
      return { Budget: answer };
    },
  } as unknown as Pick<BudgetsClient, "send">;
  return { asked, client };
}

const usd = (Amount: string) => ({ Amount, Unit: "USD" });

test("the stack's own budget, with what AWS has counted and expects", async () => {
  const { asked, client } = budgets({
    BudgetLimit: usd("200.0"),
    CalculatedSpend: { ActualSpend: usd("12.345"), ForecastedSpend: usd("90.1") },
  });
  const state = await readBudget(client, place, signal);
  expect(state).toEqual({ limit: 200, spent: 12.345, forecast: 90.1 });
  expect(asked).toEqual([{ AccountId: "111122223333", BudgetName: "app-production" }]);
});

test("a young budget has nothing spent, and no forecast", async () => {
  const limit = { BudgetLimit: usd("200.0") };
  const none = { limit: 200, spent: 0, forecast: null };
  expect(await readBudget(budgets(limit).client, place, signal)).toEqual(none);
  const zero = { ...limit, CalculatedSpend: { ActualSpend: usd("0"), ForecastedSpend: usd("0") } };
  expect(await readBudget(budgets(zero).client, place, signal)).toEqual(none);
});

test("a budget that is not there is no error, and a refusal is one", async () => {
  const gone = awsFailure("NotFoundException", "Unable to get budget");
  expect(await readBudget(budgets(gone).client, place, signal)).toBeUndefined();
  const denied = awsFailure("AccessDeniedException", "not authorized");
  await expect(readBudget(budgets(denied).client, place, signal)).rejects.toBe(denied);
});
