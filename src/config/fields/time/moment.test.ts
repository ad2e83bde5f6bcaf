import { expect, test } from "vitest";
import { momentOf } from "./moment.ts";

test.each([
  ["2026-12-24 08:00", "Europe/Berlin", "2026-12-24T07:00:00.000Z"],
  ["2026-07-01 08:00", "America/New_York", "2026-07-01T12:00:00.000Z"],
  ["2026-12-24 00:00", "UTC", "2026-12-24T00:00:00.000Z"],
  // The hour that is shown twice: its first time.
  ["2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
])("%s in %s is %s", (at, zone, moment) => {
  expect(momentOf(at, zone)?.toISOString()).toBe(moment);
});

test.each([
  ["2026-03-29 02:30", "Europe/Berlin"],
  ["2026-02-30 08:00", "UTC"],
  ["2026-12-24 25:00", "UTC"],
  ["2026-12-24", "UTC"],
  ["2026-12-24T08:00Z", "UTC"],
  ["tomorrow", "UTC"],
  ["2026-12-24 08:00", "Europe/Berln"],
])("no clock shows %s in %s", (at, zone) => {
  expect(momentOf(at, zone)).toBeNull();
});
