import { expect, test } from "vitest";
import { describeAlarms } from "./describe-alarms.ts";

const answer = {
  MetricAlarms: [
    { AlarmName: "latency", StateValue: "OK", Period: 60, EvaluationPeriods: 2 },
    {
      AlarmName: "rate",
      StateValue: "ALARM",
      StateReason: "Threshold Crossed",
      EvaluationPeriods: 3,
      Metrics: [{ Expression: "a/b" }, { MetricStat: { Period: 300 } }],
    },
  ],
  CompositeAlarms: [{ AlarmName: "both", StateValue: "OK" }],
};

test("an alarm's periods are what CloudWatch has to see before it goes off", async () => {
  const send = async () => answer;
  const client = { send } as unknown as Parameters<typeof describeAlarms>[0];
  expect(await describeAlarms(client, ["rate", "latency", "both", "gone"])).toEqual([
    { name: "rate", state: "ALARM", reason: "Threshold Crossed", periodSeconds: 900 },
    { name: "latency", state: "OK", reason: "", periodSeconds: 120 },
    { name: "both", state: "OK", reason: "" },
    { name: "gone", state: "MISSING", reason: "" },
  ]);
});
