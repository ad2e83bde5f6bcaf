import { expect, test } from "vitest";
import { durationText, finishedLine } from "./text.ts";

test.each([
  [0.04, "0.0 s"],
  [4.2, "4.2 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [60, "1 min"],
  [185, "3 min 5 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("a skipped step has no time", () => {
  expect(finishedLine("Push", "skipped", "already in the registry", 1)).toBe(
    "– Push: already in the registry",
  );
});
