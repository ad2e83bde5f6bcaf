import type { SeriesValues } from "../../src/aws/metrics/read-series.ts";
import type { PageRelease } from "../../src/dashboard/page-document.ts";

/** A release of the page's history. */
export function pageRelease(changes: Partial<PageRelease>): PageRelease {
  return {
    release: 1,
    kind: "release",
    version: "v1",
    colour: "blue",
    strategy: "canary",
    outcome: "succeeded",
    reason: null,
    who: "ann@laptop",
    message: null,
    hasServed: true,
    began: 0,
    ended: 1000,
    ...changes,
  };
}

/** Id of a series -> start of a period -> value. */
export function seriesValues(
  values: Readonly<Record<string, Readonly<Record<number, number>>>>,
): SeriesValues {
  return new Map(
    Object.entries(values).map(([id, points]) => [
      id,
      new Map(Object.entries(points).map(([at, value]) => [Number(at), value])),
    ]),
  );
}
