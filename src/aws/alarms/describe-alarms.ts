import {
  DescribeAlarmsCommand,
  type CloudWatchClient,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";

export interface AlarmSnapshot {
  readonly name: string;
  /** OK, ALARM, INSUFFICIENT_DATA, or MISSING when CloudWatch does not know the name. */
  readonly state: string;
  /** CloudWatch's explanation of the state. */
  readonly reason: string;
  /** How many seconds of metrics its state depends on. Composite alarms have none. */
  readonly periodSeconds?: number;
}

/** Accepts at most 100 names, like DescribeAlarms. */
export async function describeAlarms(
  cloudWatch: Pick<CloudWatchClient, "send">,
  names: readonly string[],
): Promise<readonly AlarmSnapshot[]> {
  if (names.length === 0) {
    return [];
  }
  const answer = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: [...names],
      // Without the types, DescribeAlarms does not find composite alarms by name.
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: 100,
    }),
  );
  const periods = new Map(
    (answer.MetricAlarms ?? []).flatMap((alarm) => {
      const seconds = periodOf(alarm);
      return seconds === 0 ? [] : [[alarm.AlarmName, seconds] as const];
    }),
  );
  const found = new Map([
    ...(answer.MetricAlarms ?? []).map((alarm) => [alarm.AlarmName, alarm] as const),
    ...(answer.CompositeAlarms ?? []).map((alarm) => [alarm.AlarmName, alarm] as const),
  ]);
  return names.map((name) => {
    const periodSeconds = periods.get(name);
    return {
      name,
      state: found.get(name)?.StateValue ?? "MISSING",
      reason: found.get(name)?.StateReason ?? "",
      ...(periodSeconds === undefined ? {} : { periodSeconds }),
    };
  });
}

/** An alarm on an expression has the periods of its metrics. */
function periodOf({ Period, Metrics, EvaluationPeriods }: MetricAlarm): number {
  const periods = (Metrics ?? []).map((one) => one.Period ?? one.MetricStat?.Period ?? 0);
  return (Period ?? Math.max(0, ...periods)) * (EvaluationPeriods ?? 1);
}
