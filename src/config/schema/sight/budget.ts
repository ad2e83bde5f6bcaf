import * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";
import { address, topic } from "./alerts.ts";

/** What the stack may cost in a month, and who hears of it. */
export interface BudgetSettings {
  readonly usd: number;
  /** Who gets mails from AWS Budgets itself. */
  readonly emails: readonly string[];
  /** ARN of an existing SNS topic; null without one. */
  readonly topic: string | null;
  /** Whether the topic of `alerts` gets the messages. */
  readonly joinsAlerts: boolean;
}

const addressesAllowed = "a list of at most 10 e-mail addresses";

export const budget = group(
  "A monthly budget in AWS Budgets for what has the stack's tag. The first two budgets of an account are free.",
  {
    usd: key(
      field.wholeNumber(1, 10_000_000, "USD"),
      "What the stack may cost in a month. Mails are sent at 50, 80 and 100 % of it, and when AWS expects more than all of it.",
    ),
    email: key(
      z
        .array(address, { error: addressesAllowed })
        .check(z.maxLength(10, { error: addressesAllowed })),
      "Addresses that get these mails. Default: who gets the alerts, through their topic.",
    ),
    topic: key(
      topic,
      "Existing SNS topic that gets the same messages, in the stack's account. Its policy must let budgets.amazonaws.com publish.",
    ),
  },
);

type BudgetKeys = NonNullable<z.infer<typeof budget>>;

/** Null: there is no budget. `usd` is 0 where the file has none, which `checkBudget` refuses. */
export function settleBudget(
  keys: BudgetKeys | undefined,
  alertEmails: readonly string[],
): BudgetSettings | null {
  if (keys === undefined) return null;
  return {
    usd: keys.usd ?? 0,
    emails: [...new Set(keys.email ?? [])].toSorted(),
    topic: keys.topic ?? null,
    // A notification has one topic at most.
    joinsAlerts: keys.email === undefined && keys.topic === undefined && alertEmails.length > 0,
  };
}
