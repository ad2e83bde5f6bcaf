import type { MetricKey, SampleStore } from "./samples.ts";
import { statistic } from "./statistic.ts";

/** A metric of AWS/ApplicationELB whose only valid statistic is the sum. */
export const perTarget = "RequestCountPerTarget";

/** A target group's requests between two moments (seconds since 1970), for each healthy target; undefined without one. */
export function requestsPerTarget(
  store: Pick<SampleStore, "between">,
  key: MetricKey,
  from: number,
  to: number,
): number | undefined {
  const hosts = statistic(
    "Average",
    store.between({ ...key, metric: "HealthyHostCount" }, from, to),
  );
  if (hosts === undefined || hosts === 0) return undefined;
  return store.between({ ...key, metric: "RequestCount" }, from, to).length / hosts;
}
