import type { MetricRange, SeriesValues } from "../aws/metrics/read-series.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { statusSight, type StatusSources } from "../views/status/status-sight.ts";
import type { PageAlarm, PageCost, PageDocument, PageRelease } from "./page-document.ts";
import { metricCharts } from "./series.ts";
import { shareChart, type SeenShares } from "./shares.ts";

/** What one look of the dashboard found. */
export interface PageSources {
  readonly status: StatusSources;
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  readonly values: SeriesValues;
  readonly range: MetricRange;
  readonly seen: readonly SeenShares[];
  readonly cost: PageCost | null;
  readonly warnings: readonly string[];
}

export function makePage(sources: PageSources): PageDocument {
  const { status, values, range, seen, cost, warnings } = sources;
  const { document, now } = status;
  const { name, environment, region, url, healthy, rollout } = document;
  const sight = statusSight(status);
  const { colours, instances, stage } = sight;
  const releases = sources.releases.map(pageRelease);
  const seconds = now.getTime() / 1000;
  return {
    name,
    environment,
    region,
    url,
    healthy,
    rollout,
    at: now.getTime(),
    facts: sight.facts.filter(({ label }) => !shownElsewhere.has(label)),
    sight: { colours, instances, stage },
    alarms: pageAlarms(status),
    releases,
    charts: {
      from: axisStart(range, releases, seconds),
      to: seconds,
      shares: shareChart(seen, values, releases, range, seconds),
      ...metricCharts(values, range),
    },
    cost,
    warnings,
  };
}

/** A young stack's axis begins with its first release, and is ten minutes long at least. Seconds since 1970. */
function axisStart(
  { start }: Pick<MetricRange, "start">,
  releases: readonly PageRelease[],
  now: number,
): number {
  const first = releases.at(-1);
  if (first?.release !== 1) return start;
  return Math.max(start, Math.min(Math.floor(first.began / 1000) - 60, now - 600));
}

function pageAlarms(status: StatusSources): readonly PageAlarm[] {
  const { on } = statusSight(status).alarms;
  return status.snapshot.alarms.map(({ name, state, reason }) => ({
    name,
    state,
    reason,
    isExpected: on.some((one) => one.name === name && one.expected),
  }));
}

function pageRelease(record: ReleaseRecord): PageRelease {
  const { release, kind, version, colour, strategy, outcome, reason, who, message } = record;
  return {
    ...{ release, kind, version, colour, strategy, outcome, reason, who, message },
    hasServed: outcome === "succeeded" || record.taken_back_by !== null,
    began: Date.parse(record.created),
    ended: record.finished === null ? null : Date.parse(record.finished),
  };
}

const shownElsewhere = new Set(["service", "release", "progress"]);
