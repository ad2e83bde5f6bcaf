import { describeLine } from "../errors/describe.ts";
import type { Reporter } from "../report/reporter.ts";
import type { PlanResult } from "../terraform/run/terraform.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Takes the domain's validation record out of Terraform's state when another certificate of the account renews by it: deleted with the
 * stack, that certificate would fail to renew months later. Resolves to whether a new plan is needed. When AWS does not say who else uses
 * the record, it stays too, because alone it does no harm.
 */
export async function keepSharedRecords(
  {
    reporter,
    otherCertificates,
  }: {
    readonly reporter: Pick<Reporter, "notify">;
    readonly otherCertificates: () => Promise<readonly string[]>;
  },
  { terraform }: Pick<Workspace, "terraform">,
  plan: Pick<PlanResult, "changes">,
): Promise<boolean> {
  const records = plan.changes
    .map(({ address }) => address)
    .filter((address) => address.startsWith(validation));
  if (records.length === 0) {
    return false;
  }
  const why = await otherCertificates().then(
    (arns) =>
      arns.length === 0 ? undefined : `other certificates renew by it: ${arns.join(", ")}`,
    (error: unknown) =>
      `AWS did not say whether another certificate renews by it: ${describeLine(error)}`,
  );
  if (why === undefined) {
    return false;
  }
  await terraform.stateRemove(records);
  reporter.notify({
    type: "warning",
    text: `the domain's validation record in Route53 stays, because ${why}`,
  });
  return true;
}

const validation = "module.dns.aws_route53_record.validation[";
