import { describeLine } from "../errors/describe.ts";
import type { Reporter } from "../report/reporter.ts";
import type { ObjectStore } from "../state/object-store.ts";
import {
  parseStackRecord,
  salvageFacts,
  stackKey,
  type AppliedFacts,
  type StackRecord,
} from "../state/stack-record.ts";

/** What is known of the stack as it was applied last; both undefined before that. */
export interface Applied {
  readonly record: StackRecord | undefined;
  readonly facts: AppliedFacts | undefined;
}

/**
 * With `tolerant`, for verbs that can do without stack.json, one that cannot be read is a warning, and what a plan needs is taken from it
 * all the same; otherwise it throws CommandError.
 */
export async function readApplied(
  deps: { readonly reporter: Pick<Reporter, "notify">; readonly store: Pick<ObjectStore, "get"> },
  { tolerant }: { readonly tolerant: boolean },
): Promise<Applied> {
  const stored = await deps.store.get(stackKey);
  if (stored === undefined) {
    return { record: undefined, facts: undefined };
  }
  try {
    const record = parseStackRecord(stored.value);
    return { record, facts: record };
  } catch (error) {
    if (!tolerant) {
      throw error;
    }
    deps.reporter.notify({ type: "warning", text: describeLine(error) });
    return { record: undefined, facts: salvageFacts(stored.value) };
  }
}
