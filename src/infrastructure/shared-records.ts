import { describeLine } from "../errors/describe.ts";
import type { Reporter } from "../report/reporter.ts";
import type { PlanResult } from "../terraform/run/terraform.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Takes the domains' validation records out of Terraform's state when another certificate of the account renews by them: deleted with the
 * stack, that certificate would fail to renew months later. Resolves to whether a new plan is needed. When AWS does not say who else uses
 * a record, it stays too, because alone it does no harm.
 */
export async function keepSharedRecords(
  {
    reporter,
    otherCertificates,
  }: {
    readonly reporter: Pick<Reporter, "notify">;
    readonly otherCertificates: (domain: string) => Promise<readonly string[]>;
  },
  { terraform }: Pick<Workspace, "terraform">,
  plan: Pick<PlanResult, "changes">,
): Promise<boolean> {
  const kept: string[] = [];
  for (const { address } of plan.changes) {
    const domain = validation.exec(address)?.[1];
    const why =
      domain === undefined ? undefined : await reasonToKeep(async () => otherCertificates(domain));
    if (why !== undefined) {
      kept.push(address);
      reporter.notify({
        type: "warning",
        text: `the validation record of ${domain} in Route53 stays, because ${why}`,
      });
    }
  }
  if (kept.length === 0) return false;
  await terraform.stateRemove(kept);
  return true;
}

async function reasonToKeep(
  otherCertificates: () => Promise<readonly string[]>,
): Promise<string | undefined> {
  try {
    const arns = await otherCertificates();
    return arns.length === 0 ? undefined : `other certificates renew by it: ${arns.join(", ")}`;
  } catch (error) {
    return `AWS did not say whether another certificate renews by it: ${describeLine(error)}`;
  }
}

const validation = /^module\.dns\.aws_route53_record\.validation\["(.+)"\]$/;
