import {
  paginateListMetrics,
  type CloudWatchClient,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";

/** "NAMESPACE METRIC DIMENSION=VALUE ..." of each metric that the region has had a datum of, its dimensions sorted. */
export async function emittedMetrics(client: CloudWatchClient): Promise<ReadonlySet<string>> {
  const emitted = new Set<string>();
  for await (const page of paginateListMetrics({ client }, {})) {
    for (const { Namespace, MetricName, Dimensions = [] } of page.Metrics ?? []) {
      const pairs = Dimensions.map(({ Name, Value }) => `${Name}=${Value}`);
      emitted.add(metricText(Namespace, MetricName, pairs));
    }
  }
  return emitted;
}

export function metricText(
  namespace: string | undefined,
  metric: string | undefined,
  pairs: readonly string[],
): string {
  return [namespace, metric, ...pairs.toSorted()].join(" ");
}

/** The metrics of an alarm, also those of its metric math. */
export function metricsOf({
  Namespace,
  MetricName,
  Dimensions,
  Metrics = [],
}: MetricAlarm): readonly string[] {
  const inMath = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  const all = MetricName === undefined ? inMath : [{ Namespace, MetricName, Dimensions }];
  return all.map((one) =>
    metricText(
      one.Namespace,
      one.MetricName,
      (one.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`),
    ),
  );
}
