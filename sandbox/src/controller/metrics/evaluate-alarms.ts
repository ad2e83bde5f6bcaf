import {
  type MetricAlarm,
  type MetricDataQuery,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import type { RegionClients } from "../observe/region-clients.ts";
import type { ControllerLog } from "../controller-log.ts";
import { type AlarmView, evaluateAlarm, type Observation } from "./alarm-state.ts";
import { observeCloudWatch, observeStore, type Window } from "./datapoints.ts";
import { isDue } from "./metric-delay.ts";
import type { MetricKey, SampleStore } from "./samples.ts";

/** When alarms are evaluated, in seconds since 1970. */
export interface Evaluation {
  readonly now: number;
  /** The evaluation before. */
  readonly since: number;
  /** Null: load balancer metrics have no delay, and a period may count before its end. */
  readonly metricDelaySeconds: number | null;
}

/** Evaluates every metric alarm of a region and sets the state of those that changed. */
export async function evaluateAlarms(
  clients: RegionClients,
  store: SampleStore,
  when: Evaluation,
  log: ControllerLog,
): Promise<void> {
  for await (const page of paginateDescribeAlarms({ client: clients.watch }, {})) {
    for (const described of page.MetricAlarms ?? []) {
      const alarm = readAlarm(described);
      if (alarm === undefined) continue;
      if (when.metricDelaySeconds !== null && !isDue(alarm.periodSeconds, when.since, when.now))
        continue;
      const verdict = evaluateAlarm(alarm, await observe(clients, store, described, alarm, when));
      if (verdict === undefined) continue;
      log.info("alarm", {
        alarm: alarm.name,
        from: alarm.state,
        to: verdict.state,
        reason: verdict.reason,
      });
      await clients.watch.send(
        new SetAlarmStateCommand({
          AlarmName: alarm.name,
          StateValue: verdict.state,
          StateReason: verdict.reason,
        }),
      );
    }
  }
}

/** The value of an alarm's metric in the newest period that has one, for what scales by it. `now` is in milliseconds since 1970. */
export async function lastValue(
  clients: RegionClients,
  store: SampleStore,
  described: MetricAlarm,
  now: number,
): Promise<number | undefined> {
  const alarm = readAlarm(described);
  if (alarm === undefined) return undefined;
  const when = { now: Math.floor(now / 1000), since: 0, metricDelaySeconds: null };
  const { complete } = await observe(clients, store, described, alarm, when);
  return complete.find((point) => point !== undefined)?.value;
}

export const loadBalancerNamespace = "AWS/ApplicationELB";

/** Undefined for an alarm without a threshold: anomaly detection is not modelled. */
function readAlarm(alarm: MetricAlarm): AlarmView | undefined {
  if (alarm.AlarmName === undefined || alarm.Threshold === undefined) return undefined;
  const evaluationPeriods = alarm.EvaluationPeriods ?? 1;
  const mathPeriod = alarm.Metrics?.find((query) => query.MetricStat !== undefined)?.MetricStat
    ?.Period;
  return {
    name: alarm.AlarmName,
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? null,
    periodSeconds: alarm.Period ?? mathPeriod ?? 60,
    evaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? evaluationPeriods,
    comparison: alarm.ComparisonOperator ?? "",
    threshold: alarm.Threshold,
    treatMissing: alarm.TreatMissingData ?? "missing",
    ignoreLowSamples: alarm.EvaluateLowSampleCountPercentile === "ignore",
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
  };
}

async function observe(
  clients: RegionClients,
  store: SampleStore,
  described: MetricAlarm,
  alarm: AlarmView,
  { now, metricDelaySeconds }: Evaluation,
): Promise<Observation> {
  const window: Window = {
    periodSeconds: alarm.periodSeconds,
    periods: alarm.evaluationPeriods,
    now: now - (isOfLoadBalancer(described) ? (metricDelaySeconds ?? 0) : 0),
  };
  const key = loadBalancerKey(described);
  const kept = (window.periods + 1) * window.periodSeconds <= store.keepSeconds;
  if (key !== undefined && alarm.statistic !== null && kept) {
    const seen = observeStore(store, key, alarm.statistic, window);
    return metricDelaySeconds === null ? seen : { ...seen, current: undefined };
  }
  return observeCloudWatch(
    clients,
    described.Metrics?.length ? described.Metrics : [readQuery(described, alarm)],
    window,
  );
}

function isOfLoadBalancer({ Namespace, Metrics = [] }: MetricAlarm): boolean {
  const namespaces = [Namespace, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric?.Namespace)];
  return namespaces.includes(loadBalancerNamespace);
}

/** Undefined when the store does not have the alarm's metric. */
function loadBalancerKey({
  Namespace,
  MetricName,
  Dimensions = [],
}: MetricAlarm): MetricKey | undefined {
  if (Namespace !== loadBalancerNamespace || MetricName === undefined) return undefined;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name ?? "", Value]));
  const { LoadBalancer, TargetGroup, ...others } = dimensions;
  if (LoadBalancer === undefined || Object.keys(others).length > 0) return undefined;
  return { metric: MetricName, loadBalancer: LoadBalancer, targetGroup: TargetGroup ?? null };
}

function readQuery(
  { Namespace, MetricName, Dimensions, Unit }: MetricAlarm,
  alarm: AlarmView,
): MetricDataQuery {
  const stat = {
    Period: alarm.periodSeconds,
    Stat: alarm.statistic ?? "Average",
    ...(Unit === undefined ? {} : { Unit }),
  };
  return {
    Id: "m",
    MetricStat: { Metric: { Namespace, MetricName, Dimensions }, ...stat },
    ReturnData: true,
  };
}
