import type { Reporter } from "../../report/reporter.ts";
import { durationText } from "../../report/text.ts";
import type { Access } from "./access.ts";

/**
 * Warns before Terraform changes anything with credentials that may end in the middle. Terraform then fails, saves its state, and the next run continues, so it
 * is not refused.
 */
export async function warnOfEnd(
  reporter: Pick<Reporter, "notify">,
  { validity }: Pick<Access, "validity">,
): Promise<void> {
  const left = await validity.lasting(applySeconds);
  if (left === undefined || left >= applySeconds) return;
  const text = `the AWS credentials end in ${durationText(Math.max(0, Math.floor(left)))}, and this may take longer; the same command continues it then. For new ones: ${validity.renewal()}`;
  reporter.notify({ type: "warning", text });
}

/** A load balancer, a fleet and its first release; a certificate takes longer. */
const applySeconds = 15 * 60;
