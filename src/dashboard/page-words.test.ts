import { expect, test } from "vitest";
import { chartText, clockText, spanText, valueText } from "./page-words.ts";

const noon = new Date(2026, 0, 2, 12, 0, 0).getTime();

test("a time of another day has its day", () => {
  expect(clockText(noon, noon + 1000)).toBe("12:00");
  expect(clockText(noon, noon + 1000, true)).toBe("12:00:00");
  expect(clockText(noon, noon + 86_400_000)).toBe("2 Jan 12:00");
});

test.each([
  [-5, "0 s"],
  [89_000, "89 s"],
  [91_000, "2 min"],
  [3 * 3_600_000, "3 h"],
  [72 * 3_600_000, "3 days"],
])("%i ms are %s", (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text);
});

test.each([
  [null, "ms", "–"],
  [0, "", "0"],
  [1.26, "ms", "1.3 ms"],
  [1234.5, "", "1,235"],
  [33.3, "%", "33.3 %"],
] as const)("%s in %s is written as %s", (value, unit, text) => {
  expect(valueText(value, unit)).toBe(text);
});

test("a chart's sentence has the newest and the highest value of each line", () => {
  const lines = [
    { label: "p99", values: [3, null, 400, 20, null] },
    { label: "p50", values: [null] },
  ];
  expect(chartText({ from: 0, to: 3600 }, lines, "ms")).toBe(
    "The last 60 min. p99: 20 ms now, 400 ms at most; p50: no data.",
  );
});
