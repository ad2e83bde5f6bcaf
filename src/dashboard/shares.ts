import type { MetricRange, SeriesValues } from "../aws/metrics/read-series.ts";
import { colours, otherColour, type Colour } from "../stack/colour.ts";
import type { Chart, PageRelease } from "./page-document.ts";

type Shares = Readonly<Record<Colour, number>>;

/** The same weights, seen from look to look. Seconds since 1970. */
export interface SeenShares {
  readonly from: number;
  readonly until: number;
  readonly shares: Shares;
}

/** `seen`, oldest first, with the weights of one more look. What ended before `oldest` is forgotten. */
export function rememberShares(
  seen: readonly SeenShares[],
  at: number,
  weights: Shares,
  oldest: number,
): readonly SeenShares[] {
  const kept = seen.filter(({ until }) => until >= oldest);
  const last = kept.at(-1);
  const shares = perCent(weights);
  if (shares === null) return kept;
  if (last === undefined || at - last.until > longestPause) {
    return [...kept, { from: at, until: at, shares }];
  }
  const before = { ...last, until: at };
  const isSame = last.shares.blue === shares.blue;
  return [...kept.slice(0, -1), before, ...(isSame ? [] : [{ from: at, until: at, shares }])];
}

/**
 * Each colour's part of the traffic. It is what the looks saw, and before them what the requests of each period say. A period without
 * requests has the colour of the release that served then; during a release it is not known.
 */
export function shareChart(
  seen: readonly SeenShares[],
  values: SeriesValues,
  releases: readonly PageRelease[],
  { start, period }: MetricRange,
  now: number,
): Chart {
  const points: { readonly time: number; readonly shares: Shares | null }[] = [];
  for (let time = start; time < now; time += period) {
    if (!seen.some(({ from, until }) => from <= time && time <= until)) {
      const of = (colour: Colour): number => values.get(`requests_${colour}`)?.get(time) ?? 0;
      const shares =
        perCent({ blue: of("blue"), green: of("green") }) ?? servingShares(releases, time * 1000);
      points.push({ time, shares });
    }
  }
  for (const { from, until, shares } of seen) {
    if (from >= start) points.push({ time: from, shares });
    else points.push({ time: start, shares });
    if (until > from) points.push({ time: until, shares });
  }
  const sorted = points.toSorted((one, other) => one.time - other.time);
  return {
    times: sorted.map(({ time }) => time),
    lines: colours.map((colour) => ({
      id: colour,
      label: colour,
      values: sorted.map(({ shares }) => shares?.[colour] ?? null),
    })),
  };
}

/** Null without traffic. */
function perCent({ blue, green }: Shares): Shares | null {
  const all = blue + green;
  if (all === 0) return null;
  const part = Math.round((1000 * blue) / all) / 10;
  return { blue: part, green: Math.round((100 - part) * 10) / 10 };
}

/** By the history. Null while a release was in progress, and before the first one. */
function servingShares(releases: readonly PageRelease[], at: number): Shares | null {
  if (releases.some(({ began, ended }) => began <= at && at < (ended ?? Infinity))) return null;
  const serving = releases.find(
    ({ ended, hasServed }) => hasServed && ended !== null && ended <= at,
  );
  if (serving === undefined) return null;
  return { [serving.colour]: 100, [otherColour(serving.colour)]: 0 } as Shares;
}

/** Looks are seconds apart; after a longer pause, what happened in between is unknown. */
const longestPause = 30;
