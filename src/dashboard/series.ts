import { loadBalancerDimension, targetGroupDimension } from "../stack/metric-dimensions.ts";
import type { MetricRange, SeriesValues, WantedSeries } from "../aws/metrics/read-series.ts";
import { colours, type Colour } from "../stack/colour.ts";
import type { FleetOutputs, SingleOutputs } from "../state/stack-record.ts";
import type { Chart } from "./page-document.ts";

/** The metrics of the charts, as the load balancer or the machine's door publishes them. `stack`: NAME-ENVIRONMENT. */
export function chartSeries(
  outputs: Pick<FleetOutputs, "load_balancer_arn" | "target_group_arns"> | SingleOutputs,
  stack: string,
): readonly WantedSeries[] {
  return "machine" in outputs ? doorSeries(stack) : balancerSeries(outputs);
}

function doorSeries(Stack: string): readonly WantedSeries[] {
  const series = (id: string, metric: string, stat: string, more = {}): WantedSeries => ({
    ...{ id, namespace: doorNamespace, metric, stat },
    dimensions: { Stack, ...more },
  });
  return [
    ...colours.flatMap((Colour) => [
      series(`requests_${Colour}`, "DoorRequests", "Sum", { Colour }),
      series(`errors_${Colour}`, "DoorErrors", "Sum", { Colour }),
    ]),
    series("errors_balancer", "DoorUnanswered", "Sum"),
    ...percentiles.map((stat) => series(stat, "DoorSeconds", stat)),
  ];
}

function balancerSeries({
  load_balancer_arn: arn,
  target_group_arns: groups,
}: Pick<FleetOutputs, "load_balancer_arn" | "target_group_arns">): readonly WantedSeries[] {
  const LoadBalancer = loadBalancerDimension(arn);
  const whole = (id: string, metric: string, stat: string): WantedSeries => ({
    id,
    namespace,
    metric,
    dimensions: { LoadBalancer },
    stat,
  });
  const ofColour = (id: string, metric: string, colour: Colour): WantedSeries => ({
    id: `${id}_${colour}`,
    namespace,
    metric,
    dimensions: {
      TargetGroup: targetGroupDimension(groups[colour]),
      LoadBalancer,
    },
    stat: "Sum",
  });
  return [
    ...colours.map((colour) => ofColour("requests", "RequestCount", colour)),
    ...colours.map((colour) => ofColour("errors", "HTTPCode_Target_5XX_Count", colour)),
    whole("errors_balancer", "HTTPCode_ELB_5XX_Count", "Sum"),
    ...percentiles.map((stat) => whole(stat, "TargetResponseTime", stat)),
  ];
}

/** What the load balancer published, as charts. `shares` come from elsewhere. */
export function metricCharts(
  values: SeriesValues,
  range: MetricRange,
): { readonly requests: Chart; readonly latency: Chart; readonly errors: Chart } {
  const { start, end, period } = range;
  const times = Array.from(
    { length: (end - start) / period },
    (_, index) => start + index * period,
  );
  const known = knownPeriods(values);
  const perMinute = (id: string): readonly (number | null)[] =>
    times.map((time) => {
      const value = values.get(id)?.get(time);
      if (value !== undefined) return (value * 60) / period;
      // The load balancer publishes no zeros.
      return time >= known.first && time <= known.last ? 0 : null;
    });
  return {
    requests: {
      times,
      lines: colours.map((colour) => ({
        id: colour,
        label: colour,
        values: perMinute(`requests_${colour}`),
      })),
    },
    latency: {
      times,
      lines: percentiles.map((id) => ({
        id,
        label: id,
        values: times.map((time) => {
          const seconds = values.get(id)?.get(time);
          return seconds === undefined ? null : seconds * 1000;
        }),
      })),
    },
    errors: {
      times,
      lines: [
        ...colours.map((colour) => ({
          id: colour,
          label: `5xx of ${colour}`,
          values: perMinute(`errors_${colour}`),
        })),
        {
          id: "balancer",
          label: "5xx of the load balancer",
          values: perMinute("errors_balancer"),
        },
      ],
    },
  };
}

/** The first and the last period that CloudWatch has anything of. The newest ones may come late. */
function knownPeriods(values: SeriesValues): { readonly first: number; readonly last: number } {
  const all = [...values.values()].flatMap((one) => [...one.keys()]);
  return {
    first: all.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY),
    last: all.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY),
  };
}

const namespace = "AWS/ApplicationELB";
const doorNamespace = "InferDeploy";
const percentiles = ["p50", "p95", "p99"];
