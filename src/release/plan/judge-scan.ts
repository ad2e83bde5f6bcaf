import type { FindingCounts, ImageScan } from "../../aws/ecr/image-scan.ts";
import { severities, type Severity } from "../../config/fields/severities.ts";
import type { Objection } from "../strategy/strategy.ts";

/** Where the image is, for the command that lists what was found. */
export interface ScannedImage {
  readonly repository: string;
  readonly digest: string;
}

/**
 * The objection to an image with a finding of this severity or a worse one, or with no result; undefined when it may be released.
 * `canForce`: the verb has the flag --force.
 */
export function judgeScan(
  scan: ImageScan,
  least: Severity,
  image: ScannedImage,
  canForce: boolean,
): Objection | undefined {
  const orForce = (what: string): string =>
    canForce ? `; --force releases it ${what}` : "; infer-deploy destroy removes what up has made";
  if (scan.state === "done") {
    const bad = severities.slice(0, severities.indexOf(least) + 1);
    const found = bad.filter((severity) => scan.findings[severity] > 0);
    return found.length === 0
      ? undefined
      : {
          what: `the registry's scan of the image has ${found.map((severity) => `${scan.findings[severity]} ${severity}`).join(" and ")} ${total(scan.findings, found) === 1 ? "finding" : "findings"}, and release.scan is ${least}`,
          next: `update the packages that ${listCommand(image)} names${orForce("anyway")}`,
          canForce,
        };
  }
  return scan.state === "pending"
    ? {
        what: `the registry has not scanned the image yet, and release.scan is ${least}`,
        next: `run the same command again in a few minutes${orForce("unscanned")}`,
        canForce,
      }
    : {
        what: `the registry cannot scan the image (${scan.reason}), and release.scan is ${least}`,
        next: `build on a distribution whose packages ECR knows, or set release.scan to none${orForce("unscanned")}`,
        canForce,
      };
}

function listCommand({ repository, digest }: ScannedImage): string {
  return `aws ecr describe-image-scan-findings --repository-name ${repository} --image-id imageDigest=${digest}`;
}

function total(counts: FindingCounts, of: readonly Severity[]): number {
  return of.reduce((sum, severity) => sum + counts[severity], 0);
}
