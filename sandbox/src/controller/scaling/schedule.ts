export interface ScheduledActionView {
  readonly group: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number | null;
  /** A cron expression; null for a one-time action. */
  readonly recurrence: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly desired: number | null;
}

/** The one-time actions that are due, in the order of their times. `now` is in milliseconds since 1970. */
export function dueActions(
  actions: readonly ScheduledActionView[],
  now: number,
): ScheduledActionView[] {
  return actions
    .filter((action) => action.recurrence === null && action.start !== null && action.start <= now)
    .toSorted((one, other) => (one.start ?? 0) - (other.start ?? 0));
}
