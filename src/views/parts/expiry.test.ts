import { expect, test } from "vitest";
import { expiryText } from "./expiry.ts";

const now = new Date("2026-12-24T23:30:00Z");

test.each([
  [null, undefined],
  ["2027-01-01", undefined],
  ["2026-12-31", "expires on 2026-12-31, in 7 days: "],
  ["2026-12-25", "expires on 2026-12-25, in 1 day: "],
  ["2026-12-24", "expires on 2026-12-24, today: "],
  ["2026-12-23", "EXPIRED on 2026-12-23, 1 day ago: "],
])("%s", (expires, text) => {
  const found = expiryText(expires, now);
  expect(found?.slice(0, text?.length)).toBe(text);
});
