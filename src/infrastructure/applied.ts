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

/** The stack as it was applied last; both undefined before the first apply. */
export interface Applied {
  readonly record: StackRecord | undefined;
  readonly facts: AppliedFacts | undefined;
}

/**
 * Throws CommandError when stack.json cannot be read. With `tolerant`, for verbs that can do without it, that is a warning, and the
 * facts for a plan are still taken from it.
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
