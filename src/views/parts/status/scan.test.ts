import { expect, test } from "vitest";
import type { ImageScan } from "../../../aws/ecr/image-scan.ts";
import { scanLines, scanStatus } from "./scan.ts";

const none = { critical: 0, high: 0, medium: 0, low: 0, other: 0 };
const done = (findings: object): ImageScan => ({
  state: "done",
  findings: { ...none, ...findings },
  scanned: "2026-06-01T12:00:00.000Z",
});

test.each<[ImageScan, string]>([
  [done({}), "no findings"],
  [done({ high: 2, other: 1 }), "2 high, 1 other"],
  [done({ critical: 1, low: 3, other: 40 }), "1 critical, 3 low, 40 others"],
  [{ state: "pending" }, "not over yet"],
  [{ state: "impossible", reason: "no package list" }, "not possible: no package list"],
])("the line of %o", (scan, text) => {
  expect(scanLines({ scan: scanStatus(scan) })).toEqual([`  scan      ${text}`]);
});

test("nothing is said of a scan that could not be read", () => {
  expect(scanLines({ scan: null })).toEqual([]);
});

test("scripts get the counts and the time", () => {
  expect(scanStatus(done({ high: 2 }))).toEqual({
    state: "done",
    findings: { ...none, high: 2 },
    scanned: "2026-06-01T12:00:00.000Z",
    reason: null,
  });
});
