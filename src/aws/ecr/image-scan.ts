import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsResponse,
  type ECRClient,
} from "@aws-sdk/client-ecr";
import type { Severity } from "../../config/fields/severities.ts";
import { imageFor } from "./manifest.ts";
import { readManifest } from "./registry.ts";

/** ECR's INFORMATIONAL and UNDEFINED count as `other`. */
export type FindingCounts = Readonly<Record<Severity | "other", number>>;

/** What ECR has found in an image's packages. */
export type ImageScan =
  | {
      readonly state: "done";
      readonly findings: FindingCounts;
      /** ISO 8601, UTC. Null when ECR does not say. */
      readonly scanned: string | null;
    }
  /** No scan has begun, or it is not over. */
  | { readonly state: "pending" }
  /** ECR has no findings and will have none. `reason`: ECR's own words. */
  | { readonly state: "impossible"; readonly reason: string };

/**
 * The digest under which ECR has the scan of an image. It scans no image index, but the images in it: this is the one that a machine of the
 * platform (OS/ARCHITECTURE) pulls. Source: https://github.com/aws/containers-roadmap/issues/1683.
 */
export async function scannedDigest(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  digest: string,
  platform: string,
): Promise<string> {
  return imageFor(await readManifest(ecr, repository, digest), platform)?.digest ?? digest;
}

/**
 * The result of an image's scan by its digest, basic or enhanced. Throws the SDK's own errors, also for an image that does not exist.
 * Source: API_DescribeImageScanFindings and API_ImageScanStatus in Amazon ECR's API reference.
 */
export async function readImageScan(
  ecr: Pick<ECRClient, "send">,
  repository: string,
  digest: string,
): Promise<ImageScan> {
  // The counts are of all findings, whatever the page has.
  const answer = await ecr
    .send(
      new DescribeImageScanFindingsCommand({
        repositoryName: repository,
        imageId: { imageDigest: digest },
        maxResults: 1,
      }),
    )
    .catch((error: unknown) => {
      // Also right after a push, until ECR has begun.
      if (error instanceof Error && error.name === "ScanNotFoundException") return undefined;
      throw error;
    });
  return answer === undefined ? { state: "pending" } : scanOf(answer);
}

function scanOf({
  imageScanStatus: { status, description } = {},
  imageScanFindings: found,
}: DescribeImageScanFindingsResponse): ImageScan {
  switch (status) {
    // ACTIVE: an enhanced scan, which continues as long as the image is there.
    case "COMPLETE":
    case "ACTIVE":
      return {
        state: "done",
        findings: countsOf(found?.findingSeverityCounts ?? {}),
        scanned: found?.imageScanCompletedAt?.toISOString() ?? null,
      };
    case "IN_PROGRESS":
    case "PENDING":
    case undefined:
      return { state: "pending" };
    default:
      return { state: "impossible", reason: description ?? status };
  }
}

function countsOf(counts: Partial<Record<string, number>>): FindingCounts {
  const { CRITICAL = 0, HIGH = 0, MEDIUM = 0, LOW = 0, INFORMATIONAL = 0, UNDEFINED = 0 } = counts;
  return {
    critical: CRITICAL,
    high: HIGH,
    medium: MEDIUM,
    low: LOW,
    other: INFORMATIONAL + UNDEFINED,
  };
}
