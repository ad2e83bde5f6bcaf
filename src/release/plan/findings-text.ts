import type { FindingCounts } from "../../aws/ecr/image-scan.ts";
import { severities } from "../../config/fields/severities.ts";

/** Such as "2 critical, 5 high, 30 others", or "no findings". */
export function findingsText(counts: FindingCounts): string {
  const bad = severities.filter((severity) => counts[severity] > 0);
  const texts = bad.map((severity) => `${counts[severity]} ${severity}`);
  if (counts.other > 0) texts.push(counts.other === 1 ? "1 other" : `${counts.other} others`);
  return texts.length === 0 ? "no findings" : texts.join(", ");
}
