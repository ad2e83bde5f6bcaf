import { expect, test } from "vitest";
import { settingsOf } from "../../test/_helpers/cost-values.ts";
import { estimate } from "../cost/estimate.ts";
import { packagedPrices } from "../cost/price-table.ts";
import { withListed } from "../cost/prices.ts";
import { pageCost, type BudgetAnswer } from "./page-cost.ts";

const table = packagedPrices("eu-central-1", "t3.small");
const stack = estimate(settingsOf({}), 2, withListed(table, {}));
const page = (budget: BudgetAnswer) =>
  pageCost(stack, budget, "eu-central-1", ["dashboard", "--sandbox", "demo", "--port", "8700"]);
const found = (spent: number, forecast: number | null): BudgetAnswer => ({
  kind: "found",
  state: { limit: 200, spent, forecast },
});

test("the sum, each part with its price, and what is in no sum, in the words of `cost`", () => {
  const { sum, parts, notes } = page({ kind: "none configured" });
  expect(sum).toBe(
    "about 115.91 USD a month, and what depends on the use (list prices as known in November 2026)",
  );
  expect(parts).toContainEqual({ part: "nat gateways", what: "1", price: "37.96" });
  expect(parts).toHaveLength(6);
  expect(notes).toEqual([
    expect.stringMatching(/^by use: traffic to the internet; /),
    "a release: 0.0558 USD for each hour in which both versions run",
    "each further instance: 20.38 USD a month, with its disk",
    "what was spent: infer-deploy cost --sandbox demo shows it; AWS charges 0.01 USD for each request, so this page does not ask",
  ]);
});

test.each<[string, BudgetAnswer, string | null, string]>([
  ["none", { kind: "none configured" }, null, ""],
  [
    "below it",
    found(50, 120.5),
    "good",
    "budget: 50.00 of 200 USD spent this month (25 %), AWS expects 120.50",
  ],
  [
    "more expected",
    found(150, 260),
    "waiting",
    "budget: 150.00 of 200 USD spent this month (75 %), AWS expects 260.00",
  ],
  ["above it", found(201, null), "bad", "budget: 201.00 of 200 USD spent this month (101 %)"],
  [
    "nothing counted",
    found(0, null),
    "good",
    "budget: AWS has counted nothing of 200 USD yet; infer-deploy cost --sandbox demo says whether it counts by the stack's tag",
  ],
  [
    "not applied",
    { kind: "not made" },
    "waiting",
    "budget: not made yet, infer-deploy up --sandbox demo makes it",
  ],
  [
    "refused",
    { kind: "refused", why: "access denied" },
    "waiting",
    "budget: could not be read: access denied",
  ],
])("a budget: %s", (_, answer, mood, text) => {
  expect(page(answer).budget).toEqual(mood === null ? null : { mood, text });
});
