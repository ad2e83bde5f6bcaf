import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about the budget. */
export function* checkBudget({ budget }: Pick<Config, "budget">): Iterable<Contradiction> {
  if (budget === null) return;
  if (budget.usd === 0) {
    yield {
      paths: [["budget"]],
      found: "a budget without a sum",
      allowed: "budget.usd, what the stack may cost in a month",
    };
  }
  if (budget.emails.length === 0 && budget.topic === null && !budget.joinsAlerts) {
    yield {
      paths: [["budget"]],
      found: "a budget without an address",
      allowed:
        "an address in budget.email or in alerts.email, or a topic in budget.topic: AWS Budgets needs one to tell",
    };
  }
}
