import { expect, test } from "vitest";
import { isDue, minutes, publishedUntil } from "./metric-delay.ts";

test("a stretch of time is cut at the clock's minutes", () => {
  expect(minutes(100, 105)).toEqual([[100, 105]]);
  expect(minutes(100, 250)).toEqual([
    [100, 120],
    [120, 180],
    [180, 240],
    [240, 250],
  ]);
  expect(minutes(120, 120)).toEqual([]);
});

test("delayed metrics come in whole minutes, the others up to the last second", () => {
  expect(publishedUntil(1000, null)).toBe(999);
  expect(publishedUntil(1000, 0)).toBe(960);
  expect(publishedUntil(1019, 60)).toBe(900);
  expect(publishedUntil(1020, 60)).toBe(960);
});

test("an alarm of a minute is evaluated once a minute, a shorter one every ten seconds", () => {
  expect([60, 300].map((period) => isDue(period, 100, 119))).toEqual([false, false]);
  expect([60, 300].map((period) => isDue(period, 119, 120))).toEqual([true, true]);
  expect(isDue(10, 101, 109)).toBe(false);
  expect(isDue(30, 109, 110)).toBe(true);
});
