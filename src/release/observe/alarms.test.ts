import { expect, test } from "vitest";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { releaseAlarms, judgeAlarms, startAlarm, watchedAlarms } from "./alarms.ts";

const { outputs } = stackRecord();

test("a release to green watches green's alarms, the load balancer's and the user's", () => {
  expect(watchedAlarms(outputs, "green", ["queue-depth", "app-production-unanswered"])).toEqual([
    "app-production-green-errors",
    "app-production-green-latency",
    "app-production-green-unhealthy",
    "app-production-unanswered",
    "queue-depth",
  ]);
});

test("the start alarm is one of the colour's own, named in Terraform's outputs", () => {
  const { alarm_names: names } = outputs;
  const renamed = { ...names, green: { ...names.green, unhealthy: "my-own-name" } };
  expect(startAlarm({ alarm_names: renamed }, "green")).toBe("my-own-name");
  expect(watchedAlarms({ alarm_names: renamed }, "green", [])).toContain("my-own-name");
});

test("releases watch seven alarms of a stack", () => {
  expect(releaseAlarms(outputs)).toHaveLength(7);
});

test("alarms that are on or missing are reported with CloudWatch's reason; one without data is not", () => {
  const found = judgeAlarms([
    { name: "a", state: "OK", reason: "" },
    { name: "b", state: "INSUFFICIENT_DATA", reason: "" },
    { name: "c", state: "ALARM", reason: "Threshold Crossed" },
    { name: "d", state: "MISSING", reason: "" },
  ]);
  expect(found.map(({ alarm, detail }) => [alarm, ...detail])).toEqual([
    ["c", "Threshold Crossed"],
    ["d"],
  ]);
});
