import { join } from "node:path";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { repository } from "../../../test/_helpers/cli.ts";
import { loadConfig } from "../../config/load.ts";
import type { Target } from "../target.ts";
import { readPageCost } from "./read-page-cost.ts";

/** The stack of examples/budget. `aws` has only the clients that the page may ask. */
async function read(answer: () => object) {
  const { config } = await loadConfig({
    asked: { environment: { value: "production", origin: "--environment" } },
    cwd: join(repository, "examples", "budget"),
    needsImage: false,
  });
  const client = async () => ({ send: async () => answer() });
  const target = {
    config,
    identity: { account: "111122223333" },
    aws: { pricing: client, budgets: client },
  } as unknown as Pick<Target, "aws" | "config" | "identity">;
  const interrupts = { aborted: new AbortController().signal };
  return readPageCost({ args: [], interrupts }, target, { zones: ["a", "b"] });
}

test("prices and a budget that may not be read leave the packaged prices, and the reason", async () => {
  const cost = await read(() => {
    throw awsFailure("AccessDeniedException", "not authorized");
  });
  expect(cost.sum).toMatch(/^about 115\.91 USD a month.* \(list prices as known in /);
  expect(cost.parts).toHaveLength(6);
  expect(cost.budget).toMatchObject({
    mood: "waiting",
    text: expect.stringMatching(/^budget: could not be read: .*not authorized/),
  });
});

test("the configuration's budget is the one of the stack's own name", async () => {
  const limit = { BudgetLimit: { Amount: "200.0", Unit: "USD" } };
  const spent = { CalculatedSpend: { ActualSpend: { Amount: "50", Unit: "USD" } } };
  const { budget } = await read(() => ({ Budget: { ...limit, ...spent } }));
  expect(budget?.text).toBe("budget: 50.00 of 200 USD spent this month (25 %)");
  expect((await read(() => ({}))).budget?.text).toMatch(/not made yet/);
});
