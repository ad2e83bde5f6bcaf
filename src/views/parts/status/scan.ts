import type { FindingCounts, ImageScan } from "../../../aws/ecr/image-scan.ts";
import { findingsText } from "../../../release/plan/findings-text.ts";

/** What the registry's scan has found in the active image. */
export interface ScanStatus {
  readonly state: ImageScan["state"];
  /** Null without a result. */
  readonly findings: FindingCounts | null;
  /** ISO 8601; null without a result. */
  readonly scanned: string | null;
  /** Why there is and will be no result; null otherwise. */
  readonly reason: string | null;
}

export function scanStatus(scan: ImageScan): ScanStatus {
  const { state } = scan;
  return {
    state,
    findings: state === "done" ? scan.findings : null,
    scanned: state === "done" ? scan.scanned : null,
    reason: state === "impossible" ? scan.reason : null,
  };
}

export function scanLines({ scan }: { readonly scan: ScanStatus | null }): readonly string[] {
  if (scan === null) return [];
  const { state, findings, reason } = scan;
  const texts = {
    done: findings === null ? "" : findingsText(findings),
    pending: "not over yet",
    impossible: `not possible: ${reason}`,
  };
  return [`  scan      ${texts[state]}`];
}
