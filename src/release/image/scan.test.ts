import type { DescribeImageScanFindingsResponse, ScanStatus } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { releaseSession } from "../../../test/_helpers/release-session.ts";
import type { ReleaseSettings } from "../../config/schema/release.ts";
import { forecastRelease } from "../dry-run.ts";
import { releaseVersion } from "../release.ts";

const scan = (
  status: ScanStatus,
  findingSeverityCounts: Partial<Record<string, number>> = {},
): DescribeImageScanFindingsResponse => ({
  imageScanStatus: { status, description: "no package list" },
  imageScanFindings: { findingSeverityCounts },
});

/** `scans`: what ECR answers, one after the other. */
function setUp(scans: DescribeImageScanFindingsResponse[], least: ReleaseSettings["scan"]) {
  const world = releaseSession({ settings: { release: { bake: "10s", scan: least } } });
  world.registry.scans = scans;
  const request = { version: "v8", fromImage: undefined, build: false, buildArgs: {} };
  const release = async (force = false) => {
    const intent = { ...world.intent, force };
    return releaseVersion(world.session, request, intent, { record: undefined }, () => undefined);
  };
  const forecast = async () => forecastRelease(world.session, request, world.intent);
  return { ...world, release, forecast };
}

test.each<[ReleaseSettings["scan"], Partial<Record<string, number>>, string | undefined]>([
  ["none", { CRITICAL: 9 }, undefined],
  ["critical", { HIGH: 2, MEDIUM: 1 }, undefined],
  ["critical", { CRITICAL: 1, HIGH: 2 }, "has 1 critical finding, and release.scan is critical"],
  [
    "high",
    { CRITICAL: 1, HIGH: 2 },
    "has 1 critical and 2 high findings, and release.scan is high",
  ],
  ["low", { INFORMATIONAL: 30, UNDEFINED: 1 }, undefined],
])("release.scan: %s and findings of %o", async (least, counts, refusal) => {
  const { release, stack } = setUp([scan("COMPLETE", counts)], least);
  if (refusal === undefined) {
    expect(await release()).toMatchObject({ changed: true, record: { version: "v8" } });
    return;
  }
  const before = structuredClone(stack.groups);
  await expect(release()).rejects.toMatchObject({
    exitCode: 1,
    message: `v8 cannot be released now: the registry's scan of the image ${refusal}.`,
    next: expect.stringMatching(
      /^update the packages that aws ecr describe-image-scan-findings .* imageDigest=sha256:88 names; --force/,
    ) as string,
  });
  expect(stack.groups).toEqual(before);
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
});

test("a release waits for a scan that is not over", async () => {
  const scans = [scan("PENDING"), scan("IN_PROGRESS"), scan("COMPLETE", { HIGH: 1 })];
  const { release } = setUp(scans, "high");
  await expect(release()).rejects.toThrow("has 1 high finding,");
});

test("a scan that takes longer than five minutes is an objection", async () => {
  const { release, clock } = setUp([scan("IN_PROGRESS")], "high");
  const start = clock.now().getTime();
  await expect(release()).rejects.toThrow("has not scanned the image yet");
  expect((clock.now().getTime() - start) / 1000).toBeCloseTo(300, -1);
});

test("an image that cannot be scanned is an objection, with ECR's reason", async () => {
  const { release } = setUp([scan("UNSUPPORTED_IMAGE")], "critical");
  await expect(release()).rejects.toThrow("cannot scan the image (no package list)");
});

test("--force releases without asking for the scan", async () => {
  const { release } = setUp([scan("COMPLETE", { CRITICAL: 1 })], "critical");
  expect(await release(true)).toMatchObject({ changed: true });
});

test("a dry run says what the scan has found, and does not wait for one", async () => {
  const bad = setUp([scan("COMPLETE", { CRITICAL: 1 })], "critical");
  expect((await bad.forecast()).objections).toMatchObject([
    { what: expect.stringContaining("1 critical finding") as string },
  ]);
  const pending = setUp([scan("PENDING")], "critical");
  expect((await pending.forecast()).objections).toEqual([]);
});
