import { Cron } from "croner";

export interface ScheduledActionView {
  readonly group: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number | null;
  /** A cron expression; null for a one-time action. */
  readonly recurrence: string | null;
  /** IANA's name; null is UTC. */
  readonly timeZone: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly desired: number | null;
}

/**
 * The actions that are due, in the order of their times: one-time ones whose time has come, and recurring ones that fired after `since`.
 * `since` and `now` are in milliseconds since 1970.
 */
export function dueActions(
  actions: readonly ScheduledActionView[],
  since: number,
  now: number,
): ScheduledActionView[] {
  return actions
    .flatMap((action) => {
      const at = action.recurrence === null ? action.start : firedAt(action, now);
      const isDue = at !== null && at <= now && (action.recurrence === null || at > since);
      return isDue ? [{ action, at }] : [];
    })
    .toSorted((one, other) => one.at - other.at)
    .map(({ action }) => action);
}

/** When it fired last; null for a recurrence that cannot be read. */
function firedAt({ recurrence, timeZone }: ScheduledActionView, now: number): number | null {
  try {
    const cron = new Cron(recurrence ?? "", { timezone: timeZone ?? "UTC", paused: true });
    // The search is for times before the one that is given.
    return cron.previousRuns(1, new Date(now + 1000))[0]?.getTime() ?? null;
  } catch {
    return null;
  }
}
