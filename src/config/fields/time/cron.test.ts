import { expect, test } from "vitest";
import { cronProblem, isTimeZone, lastFired } from "./cron.ts";

test.each([
  ["0 8 * * 1-5", null],
  ["*/15 6-9 * * MON,TUE", null],
  ["0 0 29 2 *", null],
  ["0 0 31 2 *", "never"],
  ["0 0 31 4,6 *", "never"],
  ["61 * * * *", "unreadable"],
  ["0 8 * *", "unreadable"],
  ["0 0 8 * * 1-5", "unreadable"],
  ["@daily", "unreadable"],
  ["0 8 L * *", "unreadable"],
  ["every morning at eight o'clock", "unreadable"],
])("%s: %s", (cron, problem) => {
  expect(cronProblem(cron)).toBe(problem);
});

test("a schedule fires by its zone's clock, also when that changes", () => {
  const before = new Date("2026-07-01T12:00:00Z");
  expect(lastFired("0 8 * * *", "Europe/Berlin", before)).toEqual(new Date("2026-07-01T06:00Z"));
  const winter = new Date("2026-01-05T12:00:00Z");
  expect(lastFired("0 8 * * 1-5", "Europe/Berlin", winter)).toEqual(new Date("2026-01-05T07:00Z"));
});

test("zones are known by their names", () => {
  expect(["UTC", "Europe/Berlin", "America/New_York"].every(isTimeZone)).toBe(true);
  expect(["Europe/Berln", "+01:00", "CEST", ""].some(isTimeZone)).toBe(false);
});
