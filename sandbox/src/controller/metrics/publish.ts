import { perTarget, requestsPerTarget } from "./requests-per-target.ts";
import type { MetricKey, SampleStore } from "./samples.ts";

/** One element of PutMetricData's MetricData. */
export interface Datum {
  readonly MetricName: string;
  readonly Dimensions: { readonly Name: string; readonly Value: string }[];
  readonly Timestamp: Date;
  readonly Unit: "Count" | "Seconds";
  readonly Values: number[];
  readonly Counts: number[];
}

/** The measurements of these load balancers between `from` and `to`, in seconds since 1970. Metrics without values are left out. */
export function collectData(
  store: SampleStore,
  loadBalancers: ReadonlySet<string>,
  from: number,
  to: number,
): Datum[] {
  return store.keys().flatMap((key): Datum[] => {
    if (!loadBalancers.has(key.loadBalancer)) return [];
    const values = store.between(key, from, to);
    if (values.length === 0) return [];
    return [
      {
        MetricName: key.metric,
        Dimensions: [
          { Name: "LoadBalancer", Value: key.loadBalancer },
          ...(key.targetGroup === null ? [] : [{ Name: "TargetGroup", Value: key.targetGroup }]),
        ],
        Timestamp: new Date(from * 1000),
        Unit: key.metric === "TargetResponseTime" ? "Seconds" : "Count",
        ...countValues(values),
      },
      ...perTargetOf(store, key, from, to),
    ];
  });
}

function perTargetOf(store: SampleStore, key: MetricKey, from: number, to: number): Datum[] {
  if (key.metric !== "RequestCount" || key.targetGroup === null) return [];
  const value = requestsPerTarget(store, key, from, to);
  if (value === undefined) return [];
  return [
    {
      MetricName: perTarget,
      Dimensions: [
        { Name: "LoadBalancer", Value: key.loadBalancer },
        { Name: "TargetGroup", Value: key.targetGroup },
      ],
      Timestamp: new Date(from * 1000),
      Unit: "Count",
      Values: [value],
      Counts: [1],
    },
  ];
}

/** Each value once, with its count, which is enough for sums and percentiles. AWS accepts 150 values; more are merged with their neighbours. */
export function countValues(values: readonly number[]): {
  readonly Values: number[];
  readonly Counts: number[];
} {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([one], [other]) => one - other);
  const width = Math.ceil(sorted.length / mostValues);
  const groups = Array.from({ length: Math.ceil(sorted.length / width) }, (_, index) =>
    sorted.slice(index * width, (index + 1) * width),
  );
  const merged = groups.map((group) => {
    const count = group.reduce((sum, [, times]) => sum + times, 0);
    const [[only] = [0]] = group;
    return {
      count,
      value:
        group.length === 1
          ? only
          : group.reduce((sum, [value, times]) => sum + value * times, 0) / count,
    };
  });
  return { Values: merged.map(({ value }) => value), Counts: merged.map(({ count }) => count) };
}

const mostValues = 150;
