import type { DescribeImageScanFindingsResponse, ScanStatus } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { TaggedImages } from "../../../test/_helpers/tagged-images.ts";
import { readImageScan } from "./image-scan.ts";

async function read(...scans: DescribeImageScanFindingsResponse[]) {
  const registry = new TaggedImages().add("sha256:11");
  registry.scans = scans;
  return readImageScan(registry.client, "app", "sha256:11");
}

const found = (status: ScanStatus): DescribeImageScanFindingsResponse => ({
  imageScanStatus: { status, description: "in ECR's words" },
  imageScanFindings: {
    findingSeverityCounts: { CRITICAL: 1, LOW: 4, INFORMATIONAL: 2, UNDEFINED: 3 },
    imageScanCompletedAt: new Date("2026-06-01T12:00:00Z"),
  },
});

test.each(["COMPLETE", "ACTIVE"] as const)("a scan that is %s has findings", async (status) => {
  expect(await read(found(status))).toEqual({
    state: "done",
    findings: { critical: 1, high: 0, medium: 0, low: 4, other: 5 },
    scanned: "2026-06-01T12:00:00.000Z",
  });
});

test.each(["PENDING", "IN_PROGRESS"] as const)("a scan that is %s is not over", async (status) => {
  expect(await read({ imageScanStatus: { status } })).toEqual({ state: "pending" });
});

test("an image that was just pushed has no scan yet", async () => {
  expect(await read()).toEqual({ state: "pending" });
});

test("an image that ECR cannot scan has ECR's reason", async () => {
  expect(await read(found("UNSUPPORTED_IMAGE"))).toEqual({
    state: "impossible",
    reason: "in ECR's words",
  });
});

test("AWS's refusals are passed on", async () => {
  const registry = new TaggedImages();
  registry.failure = awsFailure("AccessDeniedException", "not allowed");
  await expect(readImageScan(registry.client, "app", "sha256:11")).rejects.toBe(registry.failure);
});
