import { DescribeAlarmsCommand, type AlarmType } from "@aws-sdk/client-cloudwatch";
import type { Question } from "./question.ts";

export const alarms: Question = {
  service: "cloudwatch",
  kinds: ["alarm"],
  ask: async (aws, _stack, listed) => {
    const cloudWatch = await aws.cloudWatch();
    const found: string[] = [];
    for (let start = 0; start < listed.length; start += batch) {
      const AlarmNames = listed.slice(start, start + batch).map(({ id }) => id);
      const answer = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: types, MaxRecords: batch }),
      );
      const described = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])];
      found.push(...described.map(({ AlarmArn }) => AlarmArn ?? "an alarm"));
    }
    return found;
  },
};

/** Without them, composite alarms are not described. */
const types: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];

/** DescribeAlarms takes 100 names. */
const batch = 100;
