import {
  GetDashboardCommand,
  GetMetricDataCommand,
  type CloudWatchClient,
} from "@aws-sdk/client-cloudwatch";

/** One graph of a dashboard, with what CloudWatch has for its lines. */
export interface Graph {
  readonly title: string;
  readonly isStacked: boolean;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly label: string;
  /** Null: the drawing chooses. */
  readonly color: string | null;
  /** Milliseconds since 1970. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** `since` and `until` in milliseconds since 1970. Throws the SDK's own errors. */
export async function readGraphs(
  watch: CloudWatchClient,
  name: string,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<readonly Graph[]> {
  const { DashboardBody } = await watch.send(new GetDashboardCommand({ DashboardName: name }));
  const { widgets } = JSON.parse(DashboardBody ?? "") as { readonly widgets: readonly Widget[] };
  const graphs: Graph[] = [];
  for (const { properties } of widgets) {
    const lines: Line[] = [];
    for (const metric of properties.metrics) {
      const { label, color = null, stat = properties.stat } = metric.at(-1) as LineOptions;
      const [Namespace, MetricName, ...dimensions] = metric.slice(0, -1) as string[];
      const Dimensions = dimensions.flatMap((Name, place) =>
        place % 2 === 0 ? [{ Name, Value: dimensions[place + 1] }] : [],
      );
      const { MetricDataResults = [] } = await watch.send(
        new GetMetricDataCommand({
          StartTime: new Date(since),
          EndTime: new Date(until),
          MetricDataQueries: [
            {
              Id: "one",
              MetricStat: {
                Metric: { Namespace, MetricName, Dimensions },
                Period: properties.period,
                Stat: stat,
              },
            },
          ],
        }),
      );
      const { Timestamps = [], Values = [] } = MetricDataResults[0] ?? {};
      const points = Timestamps.map((at, place) => ({
        at: at.getTime(),
        value: Values[place] ?? 0,
      }));
      lines.push({ label, color, points: points.toSorted((one, other) => one.at - other.at) });
    }
    graphs.push({ title: properties.title, isStacked: properties.stacked, lines });
  }
  return graphs;
}

interface Widget {
  readonly properties: {
    readonly title: string;
    readonly stat: string;
    readonly period: number;
    readonly stacked: boolean;
    readonly metrics: readonly (readonly unknown[])[];
  };
}

interface LineOptions {
  readonly label: string;
  readonly color?: string;
  readonly stat?: string;
}
