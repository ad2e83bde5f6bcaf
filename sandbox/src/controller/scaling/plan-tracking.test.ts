import { expect, test } from "vitest";
import { planTracking, type TrackingView } from "./plan-tracking.ts";

const high = { name: "TargetTracking-blue-AlarmHigh-1", isHigh: true };
const low = { name: "TargetTracking-blue-AlarmLow-1", isHigh: false };

const view: TrackingView = {
  group: "blue",
  policy: "target",
  target: 100,
  alarm: high,
  value: 190,
  min: 1,
  max: 8,
  desired: 2,
  warm: 2,
  warming: 0,
  suspended: new Set(),
};

test("twice the load on each instance doubles them, within the bounds", () => {
  expect(planTracking(view)).toBe(4);
  expect(planTracking({ ...view, max: 3 })).toBe(3);
});

test("instances that warm up are not asked for again", () => {
  expect(planTracking({ ...view, desired: 4, warming: 2 })).toBeNull();
  expect(planTracking({ ...view, desired: 4, warming: 2, value: 290 })).toBe(6);
});

test("it scales in to what the load needs, never below the minimum, and not while an instance warms up", () => {
  const idle = { ...view, alarm: low, value: 10, desired: 4, warm: 4 };
  expect(planTracking(idle)).toBe(1);
  expect(planTracking({ ...idle, min: 2 })).toBe(2);
  expect(planTracking({ ...idle, warming: 1 })).toBeNull();
});

test("it changes nothing while it is suspended, without an alarm and without a value", () => {
  expect(planTracking({ ...view, suspended: new Set(["AlarmNotification"]) })).toBeNull();
  expect(planTracking({ ...view, alarm: null })).toBeNull();
  expect(planTracking({ ...view, value: null })).toBeNull();
});
