import type { RequestSample } from "./log-line.ts";

/** A metric of AWS/ApplicationELB for one load balancer, or for one of its target groups. */
export interface MetricKey {
  readonly metric: string;
  readonly loadBalancer: string;
  readonly targetGroup: string | null;
}

/** All values of a metric within one second. */
export interface Bucket {
  readonly second: number;
  readonly values: number[];
}

/** The controller's memory of the last `keepSeconds`: alarms need every value, for percentiles, and need it without delay. */
export class SampleStore {
  readonly #series = new Map<string, { readonly key: MetricKey; readonly buckets: Bucket[] }>();
  readonly keepSeconds: number;

  constructor(keepSeconds = 3600) {
    this.keepSeconds = keepSeconds;
  }

  add(key: MetricKey, at: number, value: number): void {
    const name = seriesName(key);
    let series = this.#series.get(name);
    if (series === undefined) this.#series.set(name, (series = { key, buckets: [] }));
    const second = Math.floor(at);
    // Lines of the same second arrive together, though not always in order: the search ends after a step or two.
    let index = series.buckets.length - 1;
    while (index >= 0 && (series.buckets[index]?.second ?? 0) > second) index -= 1;
    const found = series.buckets[index];
    if (found?.second === second) found.values.push(value);
    else series.buckets.splice(index + 1, 0, { second, values: [value] });
  }

  addRequest(sample: RequestSample): void {
    const { at, loadBalancer, targetGroup } = sample;
    for (const { metric, value, ofGroup } of requestMetrics(sample)) {
      this.add({ metric, loadBalancer, targetGroup: null }, at, value);
      if (ofGroup && targetGroup !== null)
        this.add({ metric, loadBalancer, targetGroup }, at, value);
    }
  }

  /** Every value from `from` (inclusive) to `to` (exclusive), in seconds since 1970. */
  between(key: MetricKey, from: number, to: number): number[] {
    const buckets = this.#series.get(seriesName(key))?.buckets ?? [];
    return buckets
      .filter(({ second }) => second >= from && second < to)
      .flatMap(({ values }) => values);
  }

  keys(): MetricKey[] {
    return [...this.#series.values()].map(({ key }) => key);
  }

  /** Drops values older than `keepSeconds`. */
  forget(now: number): void {
    for (const [name, { buckets }] of this.#series) {
      const first = buckets.findIndex(({ second }) => second >= now - this.keepSeconds);
      if (first === -1) this.#series.delete(name);
      else buckets.splice(0, first);
    }
  }
}

interface RequestMetric {
  readonly metric: string;
  readonly value: number;
  /** Whether AWS also publishes it for the target group. */
  readonly ofGroup: boolean;
}

/** As in "CloudWatch metrics for your Application Load Balancer": only routed requests count, and a code has a metric only once it occurs. */
function requestMetrics({
  status,
  routed,
  fromTarget,
  targetSeconds,
  connectFailed,
}: RequestSample): RequestMetric[] {
  const family = `${Math.floor(status / 100)}XX`;
  return [
    ...(routed ? [{ metric: "RequestCount", value: 1, ofGroup: true }] : []),
    ...(fromTarget ? [{ metric: `HTTPCode_Target_${family}_Count`, value: 1, ofGroup: true }] : []),
    ...(!fromTarget && status >= 300
      ? [{ metric: `HTTPCode_ELB_${family}_Count`, value: 1, ofGroup: false }]
      : []),
    ...(connectFailed ? [{ metric: "TargetConnectionErrorCount", value: 1, ofGroup: true }] : []),
    ...(targetSeconds === null
      ? []
      : [{ metric: "TargetResponseTime", value: targetSeconds, ofGroup: true }]),
  ];
}

function seriesName({ metric, loadBalancer, targetGroup }: MetricKey): string {
  return `${metric} ${loadBalancer} ${targetGroup ?? ""}`;
}
