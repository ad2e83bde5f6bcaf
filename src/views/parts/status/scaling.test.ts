import { expect, test } from "vitest";
import { scalingLines, type ScalingStatus } from "./scaling.ts";

const status: ScalingStatus = {
  desired: 4,
  min: 2,
  max: 4,
  policies: [{ name: "target", metric: "ALBRequestCountPerTarget", target: 600 }],
  last: { at: "2026-01-01T08:00:00Z", from: 2, to: 4, by: "target" },
};

test("the line has the size, its limits, the rule and the last change", () => {
  expect(scalingLines(status, () => "3 min")).toEqual([
    "  scaling   4 instances of 2 to 4, at its limit, for 600 requests a minute each; 2 -> 4 by target 3 min ago",
  ]);
  expect(scalingLines({ ...status, desired: 3, last: null }, () => "")).toEqual([
    "  scaling   3 instances of 2 to 4, for 600 requests a minute each",
  ]);
});

test("a policy by a series of the app has its name", () => {
  const policies = [{ name: "target", metric: "queue_texts", target: 4 }];
  expect(scalingLines({ ...status, desired: 3, last: null, policies }, () => "")).toEqual([
    "  scaling   3 instances of 2 to 4, for 4 queue_texts each",
  ]);
});

test("a stack without a policy has no line", () => {
  expect(scalingLines({ ...status, policies: [] }, () => "")).toEqual([]);
  expect(scalingLines(null, () => "")).toEqual([]);
});
