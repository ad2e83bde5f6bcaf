import { GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { RegionClients } from "../observe/region-clients.ts";
import type { Datapoint, Observation } from "./alarm-state.ts";
import { perTarget, requestsPerTarget } from "./requests-per-target.ts";
import type { MetricKey, SampleStore } from "./samples.ts";
import { statistic } from "./statistic.ts";

export interface Window {
  readonly periodSeconds: number;
  readonly periods: number;
  /** Seconds since 1970. */
  readonly now: number;
}

/** From the controller's memory, which has every value of the load balancer's metrics without delay. */
export function observeStore(
  store: SampleStore,
  key: MetricKey,
  name: string,
  window: Window,
): Observation {
  const [current, ...complete] = periodStarts(window).map((start): Datapoint => {
    const end = start + window.periodSeconds;
    if (key.metric === perTarget) {
      const value = requestsPerTarget(store, key, start, end);
      return value === undefined ? undefined : { value, samples: 1 };
    }
    const values = store.between(key, start, end);
    const value = statistic(name, values);
    return value === undefined ? undefined : { value, samples: values.length };
  });
  return { current, complete };
}

/** From CloudWatch: other metrics, and metric math. The period in progress is ignored. */
export async function observeCloudWatch(
  { watch }: RegionClients,
  queries: MetricDataQuery[],
  window: Window,
): Promise<Observation> {
  // Data arrives a few seconds late, so a period that has just ended is not complete yet.
  const starts = periodStarts({ ...window, now: window.now - lateSeconds }).slice(1);
  const oldest = starts.at(-1) ?? window.now;
  const range = {
    StartTime: new Date(oldest * 1000),
    EndTime: new Date(((starts[0] ?? oldest) + window.periodSeconds) * 1000),
  };
  const answer = await watch.send(
    new GetMetricDataCommand({ MetricDataQueries: queries, ...range }),
  );
  const { Timestamps = [], Values = [] } = answer.MetricDataResults?.[0] ?? {};
  const found = new Map(Timestamps.map((at, index) => [at.getTime() / 1000, Values[index]]));
  const complete = starts.map((start): Datapoint => {
    const value = found.get(start);
    return value === undefined ? undefined : { value, samples: Number.POSITIVE_INFINITY };
  });
  return { current: undefined, complete };
}

/** The starts of the period in progress and of those before it, newest first: multiples of the period, as on AWS. */
export function periodStarts({ periodSeconds, periods, now }: Window): number[] {
  const current = Math.floor(now / periodSeconds) * periodSeconds;
  return Array.from({ length: periods + 1 }, (_, index) => current - index * periodSeconds);
}

const lateSeconds = 10;
