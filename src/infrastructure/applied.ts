import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import {
  parseStackRecord,
  salvageFacts,
  type AppliedFacts,
  type StackRecord,
} from "../state/stack-record.ts";

/** What is known of the stack as it was applied last; both undefined before that. */
export interface Applied {
  readonly record: StackRecord | undefined;
  readonly facts: AppliedFacts | undefined;
}

/**
 * With `anew`, for whoever can do without stack.json, one of another version is a warning, and what a plan needs is taken from it all the same;
 * otherwise it throws CommandError.
 */
export async function readApplied(
  deps: Pick<Deps, "reporter">,
  target: Pick<Target, "store">,
  { anew }: { readonly anew: boolean },
): Promise<Applied> {
  const stored = await target.store.get("stack.json");
  if (stored === undefined) {
    return { record: undefined, facts: undefined };
  }
  try {
    const record = parseStackRecord(stored.value);
    return { record, facts: record };
  } catch (error) {
    if (!anew) {
      throw error;
    }
    deps.reporter.notify({ type: "warning", text: (error as Error).message });
    return { record: undefined, facts: salvageFacts(stored.value) };
  }
}
