import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { HourOfUse } from "../../cost/advise.ts";
import { readSeries, type SeriesValues } from "../metrics/read-series.ts";

/** The hours in which the stack had instances, over the last `days`, the oldest first. Throws the SDK's own errors. */
export async function readUse(
  cloudWatch: Pick<CloudWatchClient, "send">,
  {
    groups,
    loadBalancer,
  }: {
    readonly groups: readonly string[];
    /** As its metrics call it: app/NAME/ID. */
    readonly loadBalancer: string;
  },
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<readonly HourOfUse[]> {
  const end = Math.floor(now.getTime() / 1000 / hour) * hour;
  const values = await readSeries(
    cloudWatch,
    [
      {
        id: "requests",
        namespace: "AWS/ApplicationELB",
        metric: "RequestCount",
        dimensions: { LoadBalancer: loadBalancer },
        stat: "Sum",
      },
      ...groups.map((name, index) => ({
        id: `cpu${index}`,
        namespace: "AWS/EC2",
        metric: "CPUUtilization",
        dimensions: { AutoScalingGroupName: name },
        stat: "Average",
      })),
      ...groups.map((name, index) => ({
        id: `size${index}`,
        namespace: "AWS/AutoScaling",
        metric: "GroupInServiceInstances",
        dimensions: { AutoScalingGroupName: name },
        stat: "Maximum",
      })),
    ],
    { start: end - days * 24 * hour, end, period: hour },
  );
  return hoursOf(values);
}

function hoursOf(values: SeriesValues): readonly HourOfUse[] {
  const seen = new Map<number, { requests: number; cpu: number | null; runs: boolean }>();
  for (const [id, points] of values) {
    for (const [time, value] of points) {
      const one = seen.get(time) ?? { requests: 0, cpu: null, runs: false };
      if (id === "requests") one.requests += value;
      // While a release runs there are two groups: the busier one counts.
      else if (id.startsWith("cpu")) one.cpu = Math.max(one.cpu ?? 0, value);
      else one.runs ||= value > 0;
      seen.set(time, one);
    }
  }
  return [...seen]
    .filter(([, { cpu, requests, runs }]) => runs || cpu !== null || requests > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([time, { cpu, requests }]) => ({ at: new Date(time * 1000), cpu, requests }));
}

/** Seconds. */
const hour = 3600;
