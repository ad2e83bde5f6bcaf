import {
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";

const name = "e2e-alarms";
let home: SandboxHome;
let stack: Stack;

beforeAll(async () => {
  home = await createSandboxHome();
  stack = await createStack(await startSandbox(home.deps, { name, region: "us-east-1" }));
  await stack.scale("blue", 1);
  await eventually(
    () => stack.health("blue"),
    (health) => health.length === 1 && health[0]?.endsWith(" healthy") === true,
  );
});

afterAll(() => home.remove(name));

test("errors of the targets become metrics, and the metrics an alarm", async () => {
  const metric = {
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: dimensions(),
  };
  const rule = {
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 3,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
  } as const;
  await stack.watch.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      ...metric,
      ...rule,
      Statistic: "Sum",
      TreatMissingData: "notBreaching",
    }),
  );
  for (let index = 0; index < 6; index += 1) expect((await stack.answer("fail")).status).toBe(500);
  const fired = await eventually(
    () => stack.alarm("errors"),
    (found) => found?.StateValue === "ALARM",
  );
  expect(fired?.StateReason).toContain("Threshold Crossed: 1 of the last 1 datapoint(s)");
  const sum = async () => {
    const period = {
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 1000),
      Period: 120,
    };
    const answered = await stack.watch.send(
      new GetMetricStatisticsCommand({ ...metric, ...period, Statistics: ["Sum"] }),
    );
    return (answered.Datapoints ?? []).reduce((total, point) => total + (point.Sum ?? 0), 0);
  };
  expect(await eventually(sum, (total) => total >= 6)).toBe(6);
});

test("an alarm on metric math over an application's own metrics", async () => {
  const query = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: "App", MetricName }, Period: 10, Stat: "Sum" },
    ReturnData: false,
  });
  await stack.watch.send(
    new PutMetricAlarmCommand({
      AlarmName: "share",
      Metrics: [
        query("bad", "Errors"),
        query("all", "Requests"),
        { Id: "share", Expression: "100 * bad / all", ReturnData: true },
      ],
      EvaluationPeriods: 1,
      Threshold: 20,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  const data = [
    { MetricName: "Errors", Value: 1 },
    { MetricName: "Requests", Value: 4 },
  ];
  await stack.watch.send(new PutMetricDataCommand({ Namespace: "App", MetricData: data }));
  await eventually(
    () => stack.alarm("share"),
    (found) => found?.StateValue === "ALARM",
  );
});

test("a slow answer raises an alarm on a percentile, and is not cut off when its instance leaves by a schedule", async () => {
  const metric = {
    Namespace: "AWS/ApplicationELB",
    MetricName: "TargetResponseTime",
    Dimensions: dimensions(),
  };
  const rule = {
    Period: 10,
    EvaluationPeriods: 1,
    Threshold: 2,
    ComparisonOperator: "GreaterThanThreshold",
  } as const;
  await stack.watch.send(
    new PutMetricAlarmCommand({ AlarmName: "slow", ...metric, ...rule, ExtendedStatistic: "p100" }),
  );
  const slow = stack.answer("slow");
  await delay(300);
  const away = {
    ScheduledActionName: "away",
    StartTime: new Date(Date.now() + 1000),
    DesiredCapacity: 0,
  };
  await stack.scaling.send(
    new PutScheduledUpdateGroupActionCommand({ AutoScalingGroupName: "blue", ...away }),
  );
  await eventually(
    () => stack.members("blue"),
    (members) => members.length === 0,
  );
  expect(await slow).toEqual({ status: 200, body: "blue" });
  await eventually(
    () => stack.alarm("slow"),
    (found) => found?.StateValue === "ALARM",
  );
  expect(
    (await stack.scaling.send(new DescribeScheduledActionsCommand({}))).ScheduledUpdateGroupActions,
  ).toEqual([]);
});

test("a target that fails its checks is unhealthy with AWS's reason, and still gets requests when there is no other", async () => {
  await stack.scale("green", 1);
  await eventually(
    () => stack.health("green"),
    (health) => health.length === 1 && health[0]?.endsWith(" healthy") === true,
  );
  await stack.shift(0, 100);
  await eventually(
    () => stack.answer(""),
    ({ body }) => body === "green",
  );
  await stack.answer("sick");
  const health = async () => {
    const found = await stack.balancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: stack.targetGroups.green }),
    );
    return found.TargetHealthDescriptions?.[0]?.TargetHealth;
  };
  const sick = await eventually(health, (found) => found?.State === "unhealthy");
  expect(sick).toMatchObject({
    Reason: "Target.ResponseCodeMismatch",
    Description: "Health checks failed with these codes: [503]",
  });
  await eventually(
    () => stack.answer(""),
    ({ status }) => status === 200,
  );
});

function dimensions(): { readonly Name: string; readonly Value: string }[] {
  return [{ Name: "LoadBalancer", Value: stack.loadBalancer }];
}
