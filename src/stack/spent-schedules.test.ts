import { expect, test } from "vitest";
import type { Schedule } from "../config/schema/fleet/scaling.ts";
import { spentSchedules } from "./spent-schedules.ts";

const at = (time: string, min: number): Schedule => ({
  cron: null,
  at: time,
  timeZone: "UTC",
  min,
});
const nightly: Schedule = { cron: "0 20 * * *", at: null, timeZone: "UTC", min: 2 };
const now = new Date("2026-11-27T12:00:00Z");
const begin = at("2026-11-27 08:00", 10);
const end = at("2026-11-28 20:00", 2);

test("the beginning of what has an end to come still counts", () => {
  expect(spentSchedules([begin, end], now)).toEqual([]);
  expect(spentSchedules([nightly, begin], now)).toEqual([]);
});

test("one that another has followed says nothing any more", () => {
  expect(spentSchedules([begin, at("2026-11-27 09:00", 4), end], now)).toEqual([0]);
  expect(spentSchedules([at("2025-11-27 08:00", 10), nightly], now)).toEqual([0]);
});

test("a beginning of a year ago has a wrong year", () => {
  expect(spentSchedules([at("2025-11-27 08:00", 10), end], now)).toEqual([0]);
});

test("when none is to come, the last one should be instances.min", () => {
  expect(spentSchedules([begin], now)).toEqual([0]);
  expect(spentSchedules([begin, end], new Date("2026-12-01T00:00:00Z"))).toEqual([0, 1]);
});
