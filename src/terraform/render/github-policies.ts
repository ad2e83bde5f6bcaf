import { emptyCachePermissions } from "../../permissions/cloudfront-permissions.ts";
import { planPermissions } from "../../permissions/plan-permissions.ts";
import { policyDocument } from "../../permissions/policy-document.ts";
import { releasePermissions } from "../../permissions/release-permissions.ts";
import type { Place } from "../../permissions/statement.ts";
import { stateBucketName, type GithubRole } from "../../stack/names.ts";
import type { Stack } from "../../stack/stack.ts";

/**
 * The policies of the roles for GitHub's workflows, as templates: Terraform fills in the account, which may not be known yet, and the
 * partition. Path -> content.
 */
export function githubPolicies({
  modules,
  names,
  region,
}: Pick<Stack, "modules" | "names" | "region">): ReadonlyMap<string, string> {
  const account = "${account_id}";
  const bucket = stateBucketName(account, region);
  const place: Place = { partition: "${partition}", region, account, bucket, names };
  const policies: Readonly<Record<GithubRole, object>> = {
    release: policyDocument([
      ...releasePermissions(place),
      ...(modules.includes("cloudfront") ? emptyCachePermissions(place) : []),
    ]),
    plan: policyDocument(
      planPermissions(place, {
        hasCloudfront: modules.includes("cloudfront"),
        hasMachine: modules.includes("machine"),
        hasHealthChecks: modules.includes("health-checks"),
        hasSight: (["alerts", "budget", "dashboard"] as const).some((one) => modules.includes(one)),
        hasWebAcl: modules.includes("waf"),
      }),
    ),
  };
  return new Map(
    Object.entries(policies).map(([role, policy]) => [
      `policies/${role}.json.tftpl`,
      `${JSON.stringify(policy, null, 2)}\n`,
    ]),
  );
}
