import { InterruptedError } from "../../errors/interrupted-error.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { PlanResult } from "../../terraform/events/plan-result.ts";
import { planText } from "./plan-text.ts";

/** Shows the plan and asks; false when the answer is no. Throws InterruptedError, with `untouched` in its message, when interrupted. */
export async function confirmPlan(
  { reporter, yes }: { readonly reporter: Reporter; readonly yes: boolean },
  plan: PlanResult,
  question: string,
  untouched: string,
): Promise<boolean> {
  for (const line of planText(plan)) {
    reporter.notify({ type: "note", text: line });
  }
  try {
    return yes || (await reporter.ask(question, "--yes"));
  } catch (error) {
    throw error instanceof InterruptedError
      ? new InterruptedError(error.signal, `${error.message}; ${untouched}`)
      : error;
  }
}
