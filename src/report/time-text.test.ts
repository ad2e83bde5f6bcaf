import { expect, test } from "vitest";
import { ago } from "./time-text.ts";

test.each([
  [-30, "just now"],
  [0.9, "just now"],
  [59.9, "59 s ago"],
  [60, "1 min ago"],
  [3599, "59 min ago"],
  [3600, "1 h ago"],
  [172_799, "47 h ago"],
  [172_800, "2 days ago"],
])("%d seconds are %s", (seconds, text) => {
  const now = new Date("2026-01-01T00:00:00.000Z");
  expect(ago(new Date(now.getTime() - seconds * 1000), now)).toBe(text);
});
