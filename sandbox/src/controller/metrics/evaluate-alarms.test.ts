import { CloudWatchClient, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import type { RegionClients } from "../observe/region-clients.ts";
import { evaluateAlarms } from "./evaluate-alarms.ts";
import { SampleStore } from "./samples.ts";

const loadBalancer = "app/web/1";

/** CloudWatch with one alarm on the load balancer's errors, which keeps the state that it is given. */
class OneAlarm extends CloudWatchClient {
  alarm: MetricAlarm = {
    AlarmName: "errors",
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: [{ Name: "LoadBalancer", Value: loadBalancer }],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 3,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
    StateValue: "OK",
  };

  override send = (async ({ input }: { input: { StateValue?: MetricAlarm["StateValue"] } }) => {
    if (input.StateValue !== undefined)
      this.alarm = { ...this.alarm, StateValue: input.StateValue };
    return { MetricAlarms: [this.alarm] };
  }) as never;
}

/** When the alarm goes off, if the load balancer has five errors at second 100 and the alarms are evaluated every second. */
async function firesAt(metricDelaySeconds: number | null): Promise<number> {
  const watch = new OneAlarm({ region: "us-east-1" });
  const store = new SampleStore();
  const key = { metric: "HTTPCode_Target_5XX_Count", loadBalancer, targetGroup: null };
  const clients = { region: "us-east-1", watch } as unknown as RegionClients;
  const log = { info: () => undefined, error: () => undefined };
  for (let now = 61; now < 1000; now += 1) {
    if (now === 100) for (let error = 0; error < 5; error += 1) store.add(key, now, 1);
    await evaluateAlarms(clients, store, { now, since: now - 1, metricDelaySeconds }, log);
    if (watch.alarm.StateValue === "ALARM") return now;
  }
  return Number.POSITIVE_INFINITY;
}

test("an alarm goes off with the request that breaks its threshold", async () => {
  expect(await firesAt(null)).toBe(100);
});

test("with delayed metrics it goes off when its period has ended, has arrived and is evaluated", async () => {
  expect(await firesAt(0)).toBe(120);
  expect(await firesAt(60)).toBe(180);
  expect(await firesAt(90)).toBe(240);
  expect(await firesAt(120)).toBe(240);
});
