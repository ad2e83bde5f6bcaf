import { expect, test } from "vitest";
import { stackInput } from "../../test/_helpers/stack-values.ts";
import { presentMinimum } from "./present-minimum.ts";

const { instances } = stackInput();
const schedules = [
  { cron: "0 8 * * 1-5", at: null, timeZone: "Europe/Berlin", min: 6 },
  { cron: "0 20 * * 1-5", at: null, timeZone: "Europe/Berlin", min: 1 },
];

test.each([
  ["2026-01-05T06:59:00Z", 1],
  ["2026-01-05T07:00:01Z", 6],
  ["2026-01-05T18:59:00Z", 6],
  ["2026-01-05T19:00:01Z", 1],
  // A Saturday.
  ["2026-01-10T12:00:00Z", 1],
])("at %s the schedule that fired last says %i", (now, min) => {
  const scaling = { metric: null, target: null, series: null, schedules };
  expect(presentMinimum({ instances, scaling }, new Date(now))).toBe(min);
});

test.each([
  ["2026-12-24T06:59:00Z", 1],
  ["2026-12-24T07:00:00Z", 9],
  // 24 December is a Thursday: the evening's schedule follows.
  ["2026-12-24T19:00:01Z", 1],
])("at %s a schedule that fires once says its %i until the next one", (now, min) => {
  const once = { cron: null, at: "2026-12-24 08:00", timeZone: "Europe/Berlin", min: 9 };
  const nightly = { cron: "0 20 * * *", at: null, timeZone: "Europe/Berlin", min: 1 };
  const scaling = { metric: null, target: null, series: null, schedules: [once, nightly] };
  expect(presentMinimum({ instances, scaling }, new Date(now))).toBe(min);
});

test("without a schedule it is instances.min", () => {
  const scaling = { metric: null, target: null, series: null, schedules: [] };
  expect(presentMinimum({ instances, scaling }, new Date())).toBe(2);
});
