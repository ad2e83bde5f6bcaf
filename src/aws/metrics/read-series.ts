import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { everyItem } from "../every-item.ts";

/** One metric with one statistic. */
export interface WantedSeries {
  /** Begins with a lower-case letter; letters, digits and underscores follow. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Such as Sum, Maximum or p99. */
  readonly stat: string;
}

/** Whole periods: `start` and `end` are seconds since 1970 and multiples of `period`, which is in seconds. */
export interface MetricRange {
  readonly start: number;
  readonly end: number;
  readonly period: number;
}

/** Id of the series -> start of the period, in seconds since 1970 -> value. Periods without a value are absent. */
export type SeriesValues = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Reads at most 500 series, as GetMetricData allows in one call. */
export async function readSeries(
  cloudWatch: Pick<CloudWatchClient, "send">,
  wanted: readonly WantedSeries[],
  { start, end, period }: MetricRange,
): Promise<SeriesValues> {
  const found = new Map(wanted.map(({ id }) => [id, new Map<number, number>()]));
  const results = await everyItem(async (NextToken) => {
    const answer = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: wanted.map(({ id, namespace, metric, dimensions, stat }) => ({
          Id: id,
          MetricStat: {
            Metric: {
              Namespace: namespace,
              MetricName: metric,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: period,
            Stat: stat,
          },
        })),
        StartTime: new Date(start * 1000),
        EndTime: new Date(end * 1000),
        NextToken,
      }),
    );
    return { items: answer.MetricDataResults, next: answer.NextToken };
  });
  for (const result of results) addValues(found, result);
  return found;
}

/** A page may have a part of a series. */
function addValues(
  found: ReadonlyMap<string, Map<number, number>>,
  { Id = "", Timestamps = [], Values = [] }: MetricDataResult,
): void {
  for (const [index, at] of Timestamps.entries()) {
    const value = Values[index];
    if (value !== undefined) found.get(Id)?.set(at.getTime() / 1000, value);
  }
}
