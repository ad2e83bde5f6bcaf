import { DescribeAlarmsCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";

export interface AlarmSnapshot {
  readonly name: string;
  /** OK, ALARM, INSUFFICIENT_DATA, or MISSING when CloudWatch does not know the name. */
  readonly state: string;
}

export async function describeAlarms(
  cloudWatch: Pick<CloudWatchClient, "send">,
  names: readonly string[],
): Promise<readonly AlarmSnapshot[]> {
  if (names.length === 0) {
    return [];
  }
  const answer = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [...names] }));
  const states = new Map(
    (answer.MetricAlarms ?? []).map((alarm) => [alarm.AlarmName, alarm.StateValue]),
  );
  return names.map((name) => ({ name, state: states.get(name) ?? "MISSING" }));
}
