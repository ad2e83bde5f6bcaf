import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { Question } from "../question.ts";

export const alarms: Question = {
  service: "cloudwatch",
  kinds: ["alarm"],
  ask: async (aws, _stack, listed) => {
    const cloudWatch = await aws.cloudWatch();
    const found: string[] = [];
    for (let start = 0; start < listed.length; start += batch) {
      const AlarmNames = listed.slice(start, start + batch).map(({ id }) => id);
      const answer = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames, MaxRecords: batch }),
      );
      found.push(...(answer.MetricAlarms ?? []).map(({ AlarmArn }) => AlarmArn ?? "an alarm"));
    }
    return found;
  },
};

/** DescribeAlarms takes 100 names. */
const batch = 100;
