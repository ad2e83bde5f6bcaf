/** The longest time of the day, by UTC, that was quiet on every day. */
export interface QuietHours {
  /** The first hour, 0 to 23, and the hour in which it is over. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Per cent of the busiest hour's requests: the most that a quiet hour had. */
  readonly share: number;
}

/** Undefined for less than six hours, or when the whole day is quiet. */
export function quietHours(
  hours: readonly { readonly at: Date; readonly requests: number }[],
): QuietHours | undefined {
  const most = Math.max(0, ...hours.map(({ requests }) => requests));
  if (most === 0) return undefined;
  const shares = Array.from({ length: 24 }, () => 0);
  for (const { at, requests } of hours) {
    const hour = at.getUTCHours();
    shares[hour] = Math.max(shares[hour] ?? 0, (100 * requests) / most);
  }
  const best = shares
    .map((_, from) => runFrom(shares, from))
    .reduce((longest, run) => (run.length > longest.length ? run : longest));
  const [from = 0] = best;
  if (best.length < leastQuiet || best.length === 24) return undefined;
  return {
    from,
    to: (from + best.length) % 24,
    count: best.length,
    share: Math.max(...best.map((hour) => shares[hour] ?? 0)),
  };
}

/** The quiet hours one after the other from this one on, past midnight too. */
function runFrom(shares: readonly number[], from: number): readonly number[] {
  const day = Array.from({ length: 24 }, (_, step) => (from + step) % 24);
  const end = day.findIndex((hour) => (shares[hour] ?? 0) >= quiet);
  return end === -1 ? day : day.slice(0, end);
}

/** Per cent of the busiest hour. */
const quiet = 10;
const leastQuiet = 6;
