import type { MetricRange, SeriesValues } from "../aws/metrics/read-series.ts";
import { describeLine } from "../errors/describe.ts";
import { lastPeriods } from "./range.ts";

export interface Metrics {
  readonly range: MetricRange;
  readonly values: SeriesValues;
  readonly warnings: readonly string[];
}

/**
 * Reads the metrics of the last `seconds` twice a minute, whatever the pace of the looks is: GetMetricData is paid by the metric, and a period
 * is a minute at least. While they cannot be read, the last ones stay.
 */
export function createMetricsReader(
  seconds: number,
  read: (range: MetricRange) => Promise<SeriesValues>,
): (now: number) => Promise<Metrics> {
  let values: SeriesValues = new Map();
  let warnings: readonly string[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  return async (now) => {
    const range = lastPeriods(seconds, now);
    if (now - asked >= pauseSeconds) {
      asked = now;
      try {
        values = await read(range);
        warnings = [];
      } catch (error) {
        warnings = [`CloudWatch's metrics could not be read: ${describeLine(error)}`];
      }
    }
    return { range, values, warnings };
  };
}

const pauseSeconds = 30;
