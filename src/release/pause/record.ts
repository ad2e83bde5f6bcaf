import {
  readPause,
  writePause,
  type PauseDocument,
  type PauseReason,
  type StoredPause,
} from "../../state/pause.ts";
import type { PauseDeps, Wish } from "./pause-deps.ts";

/** The reason with what is wished; `before`: the same pause as it is already. */
export function reasonOf(
  { clock, who }: Pick<PauseDeps, "clock" | "who">,
  before: PauseReason | null,
  wish: Wish,
  fallback: Pick<PauseReason, "message" | "retry_after_seconds">,
): PauseReason {
  return {
    since: before?.since ?? clock.now().toISOString(),
    who: before?.who ?? who,
    message: wish.message ?? before?.message ?? fallback.message,
    retry_after_seconds:
      wish.retryAfterSeconds ?? before?.retry_after_seconds ?? fallback.retry_after_seconds,
  };
}

/** Changes the record, which comes before every change of the stack. Writes nothing when nothing changes. */
export async function note(
  { store, newToken }: Pick<PauseDeps, "newToken" | "store">,
  change: (before: PauseDocument) => PauseDocument,
): Promise<StoredPause | undefined> {
  const stored = await readPause(store);
  const before = stored?.pause ?? {
    schema_version: 1 as const,
    token: newToken(),
    maintenance: null,
    sleep: null,
  };
  const after = change(before);
  return JSON.stringify(after) === JSON.stringify(before)
    ? stored
    : writePause(store, stored, after);
}
