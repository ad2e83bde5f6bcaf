import {
  DescribeAlarmsCommand,
  ListDashboardsCommand,
  type AlarmType,
} from "@aws-sdk/client-cloudwatch";
import { DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { unlessGone } from "../../unless-gone.ts";
import { thatExist, type Question } from "../question.ts";

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

/** A topic's subscriptions go with it. */
export const topics: Question = {
  service: "sns",
  // A topic's ARN ends in its name.
  kinds: [""],
  ask: async (aws, _stack, listed) => {
    const sns = await aws.sns();
    return thatExist(listed, async ({ text }) => {
      const answer = await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn: text })));
      return answer?.Attributes !== undefined;
    });
  },
};

/** By their names, because they have no tags. The credentials of a stack without a dashboard may not look. */
export const dashboards: Question = {
  service: "cloudwatch",
  kinds: ["dashboard"],
  ask: async (aws, { names, hasDashboard }) => {
    if (!hasDashboard) return [];
    const [cloudWatch, logs] = [await aws.cloudWatch(), await aws.cloudWatchLogs()];
    const { DashboardEntries = [] } = await cloudWatch.send(
      new ListDashboardsCommand({ DashboardNamePrefix: names.id }),
    );
    const { queryDefinitions = [] } = await logs.send(
      new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: `${names.repository}/` }),
    );
    return [
      ...DashboardEntries.flatMap(({ DashboardName }) =>
        DashboardName === names.id ? [`the dashboard ${names.id}`] : [],
      ),
      ...queryDefinitions.map(({ name }) => `the saved query ${name}`),
    ];
  },
};

/** Without them, composite alarms are not described. */
const types: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];

/** DescribeAlarms takes 100 names. */
const batch = 100;
