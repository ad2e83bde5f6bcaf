import { DescribeAlarmsCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";

export interface AlarmSnapshot {
  readonly name: string;
  /** OK, ALARM, INSUFFICIENT_DATA, or MISSING when CloudWatch does not know the name. */
  readonly state: string;
  /** CloudWatch's explanation of the state. */
  readonly reason: string;
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
  const found = new Map([
    ...(answer.MetricAlarms ?? []).map((alarm) => [alarm.AlarmName, alarm] as const),
    ...(answer.CompositeAlarms ?? []).map((alarm) => [alarm.AlarmName, alarm] as const),
  ]);
  return names.map((name) => ({
    name,
    state: found.get(name)?.StateValue ?? "MISSING",
    reason: found.get(name)?.StateReason ?? "",
  }));
}
