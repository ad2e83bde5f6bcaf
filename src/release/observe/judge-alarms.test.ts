import { expect, test } from "vitest";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { judgeAlarms, startAlarm, watchedAlarms } from "./judge-alarms.ts";

const names = [
  "blue-errors",
  "blue-unhealthy",
  "green-errors",
  "green-unhealthy",
  "unanswered",
].map((name) => `app-production-${name}`);
const stack = { ...stackRecord(), outputs: { ...stackRecord().outputs, alarm_names: names } };

test("a release to green goes by green's alarms, the load balancer's and the user's", () => {
  expect(watchedAlarms(stack, "green", ["queue-depth", "app-production-unanswered"])).toEqual([
    "app-production-green-errors",
    "app-production-green-unhealthy",
    "app-production-unanswered",
    "queue-depth",
  ]);
});

test("the alarm of the start is one of the stack's own", () => {
  expect(names).toContain(startAlarm(stack, "green"));
});

test("what is on or missing is told, with CloudWatch's words; what has too little data is quiet", () => {
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
