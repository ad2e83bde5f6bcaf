import { expect, test } from "vitest";
import { checkReach, lastPeriods } from "./range.ts";

test.each([
  [3600, 60],
  [6 * 3600, 60],
  [24 * 3600, 300],
  [15 * 24 * 3600, 3600],
])("the last %i s are periods of %i s that are over", (seconds, period) => {
  const now = 1_800_000_123;
  const range = lastPeriods(seconds, now);
  expect(range.period).toBe(period);
  expect(range.end).toBeLessThanOrEqual(now);
  expect(now - range.end).toBeLessThan(period);
  expect(range.end - range.start).toBe(seconds);
  expect([range.start % period, range.end % period]).toEqual([0, 0]);
});

test.each([599, 15 * 24 * 3600 + 1, 0])("%i s are refused before anything is asked", (seconds) => {
  expect(() => {
    checkReach(seconds);
  }).toThrow(expect.objectContaining({ exitCode: 64, where: "--since" }) as Error);
});
