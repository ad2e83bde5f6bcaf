import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { HourOfUse } from "../../cost/advise.ts";
import { everyItem } from "../every-item.ts";

/** The hours in which the stack had instances, over the last `days`, the oldest first. Throws the SDK's own errors. */
export async function readUse(
  cloudWatch: Pick<CloudWatchClient, "send">,
  {
    groups,
    loadBalancer,
  }: {
    readonly groups: readonly string[];
    /** As its metrics call it: app/NAME/ID. */ readonly loadBalancer: string;
  },
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<readonly HourOfUse[]> {
  const end = new Date(Math.floor(now.getTime() / hour) * hour);
  const results = await everyItem(async (token) => {
    const answer = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(end.getTime() - days * 24 * hour),
        EndTime: end,
        ScanBy: "TimestampAscending",
        MetricDataQueries: [
          query("requests", "AWS/ApplicationELB", "RequestCount", "Sum", {
            LoadBalancer: loadBalancer,
          }),
          ...groups.map((name, index) =>
            query(`cpu${index}`, "AWS/EC2", "CPUUtilization", "Average", {
              AutoScalingGroupName: name,
            }),
          ),
          ...groups.map((name, index) =>
            query(`size${index}`, "AWS/AutoScaling", "GroupInServiceInstances", "Maximum", {
              AutoScalingGroupName: name,
            }),
          ),
        ],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items: answer.MetricDataResults, next: answer.NextToken };
  });
  return hoursOf(results);
}

function hoursOf(results: readonly MetricDataResult[]): readonly HourOfUse[] {
  const seen = new Map<number, { requests: number; cpu: number | null; runs: boolean }>();
  for (const { Id = "", Timestamps = [], Values = [] } of results) {
    for (const [index, time] of Timestamps.entries()) {
      const value = Values[index] ?? 0;
      const one = seen.get(time.getTime()) ?? { requests: 0, cpu: null, runs: false };
      if (Id === "requests") one.requests += value;
      // While a release runs there are two groups: the busier one counts.
      else if (Id.startsWith("cpu")) one.cpu = Math.max(one.cpu ?? 0, value);
      else one.runs ||= value > 0;
      seen.set(time.getTime(), one);
    }
  }
  return [...seen]
    .filter(([, { cpu, requests, runs }]) => runs || cpu !== null || requests > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([at, { cpu, requests }]) => ({ at: new Date(at), cpu, requests }));
}

function query(
  Id: string,
  Namespace: string,
  MetricName: string,
  Stat: string,
  dimensions: Readonly<Record<string, string>>,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 3600, Stat } };
}

const hour = 3_600_000;
