import { expect, test } from "vitest";
import { stackInput } from "../../test/_helpers/stack-values.ts";
import { presentMinimum } from "./present-minimum.ts";

const { instances } = stackInput();
const schedules = [
  { cron: "0 8 * * 1-5", timeZone: "Europe/Berlin", min: 6 },
  { cron: "0 20 * * 1-5", timeZone: "Europe/Berlin", min: 1 },
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

test("without a schedule it is instances.min", () => {
  const scaling = { metric: null, target: null, series: null, schedules: [] };
  expect(presentMinimum({ instances, scaling }, new Date())).toBe(2);
});
