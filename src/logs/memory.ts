import type { LogEvent } from "../aws/logs/read-events.ts";

/** Which events were seen, so that none is printed twice where looks overlap. */
export interface Memory {
  /** Those that were never seen before, in their order. They count as seen from now on. */
  readonly unseen: (events: readonly LogEvent[]) => readonly LogEvent[];
  /** When the newest event was written, in milliseconds since 1970. Undefined before the first. */
  readonly newest: () => number | undefined;
  /** Drops the events before that time: no later look reaches them. */
  readonly forget: (before: number) => void;
}

export function createMemory(): Memory {
  const seen = new Map<string, number>();
  let newest: number | undefined;
  return {
    unseen: (events) =>
      events.filter(({ id, at }) => {
        if (seen.has(id)) return false;
        seen.set(id, at);
        newest = Math.max(newest ?? at, at);
        return true;
      }),
    newest: () => newest,
    forget: (before) => {
      for (const [id, at] of seen) if (at < before) seen.delete(id);
    },
  };
}
