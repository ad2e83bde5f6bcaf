import fc from "fast-check";
import { expect, test } from "vitest";
import { statistic } from "./statistic.ts";

test.each([
  ["Sum", 10],
  ["Average", 2.5],
  ["Minimum", 1],
  ["Maximum", 4],
  ["SampleCount", 4],
  ["p0", 1],
  ["p50", 2.5],
  ["p100", 4],
  ["p99", 3.97],
])("%s of 1 to 4", (name, expected) => {
  expect(statistic(name, [4, 1, 3, 2])).toBeCloseTo(expected, 10);
});

test("no values and unknown names have no statistic", () => {
  expect(statistic("Sum", [])).toBeUndefined();
  expect(statistic("p101", [1])).toBeUndefined();
  expect(statistic("tm99", [1])).toBeUndefined();
});

test("a percentile lies between the extremes and rises with its number", () => {
  const values = fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 99 }), (list, percent) => {
      const [low, high] = [statistic(`p${percent}`, list), statistic(`p${percent + 1}`, list)] as [
        number,
        number,
      ];
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...list));
      expect(high).toBeLessThanOrEqual(Math.max(...list));
    }),
  );
});

test("a busy hour has a statistic", () => {
  expect(
    statistic(
      "Maximum",
      Array.from({ length: 500_000 }, (_, index) => index),
    ),
  ).toBe(499_999);
});
