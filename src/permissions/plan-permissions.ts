import { cloudfrontPermissions } from "./cloudfront-permissions.ts";
import { infrastructurePermissions } from "./infrastructure-permissions.ts";
import { releasePermissions } from "./release-permissions.ts";
import { machinePermissions } from "./machine-permissions.ts";
import { routingPermissions } from "./routing-permissions.ts";
import { sightPermissions } from "./sight-permissions.ts";
import { wafPermissions } from "./waf-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/**
 * What `plan` and `status` call: the reading part of the other policies, and nothing that writes. `plan` takes no lock, and the state bucket
 * must be there. `hasWebAcl`: Terraform refreshes the web ACL too.
 */
export function planPermissions(
  place: Place,
  {
    hasHealthChecks = false,
    hasMachine = false,
    hasSight,
    hasCloudfront,
    hasWebAcl,
  }: {
    readonly hasHealthChecks?: boolean;
    readonly hasMachine?: boolean;
    readonly hasSight: boolean;
    readonly hasCloudfront: boolean;
    readonly hasWebAcl: boolean;
  },
): readonly Statement[] {
  return [
    ...releasePermissions(place),
    ...infrastructurePermissions(place),
    ...(hasMachine ? machinePermissions(place) : []),
    ...(hasSight ? sightPermissions(place) : []),
    ...(hasHealthChecks ? routingPermissions(place) : []),
    ...(hasCloudfront ? cloudfrontPermissions(place) : []),
    ...(hasWebAcl ? wafPermissions(place) : []),
  ]
    .filter(({ sid }) => !otherSids.has(sid))
    .map((statement) => ({ ...statement, actions: statement.actions.filter(reads) }))
    .filter(({ actions }) => actions.length > 0);
}

/** The names of AWS's reading actions begin so. */
function reads(action: string): boolean {
  return /:(?:Batch)?(?:Describe|Get|List|View)/.test(action) && !handingOut.has(action);
}

/** A login to the registry, and API keys. Terraform knows the keys' rule group by its ARN only. */
const handingOut: ReadonlySet<string> = new Set([
  "ecr:GetAuthorizationToken",
  "wafv2:GetRuleGroup",
]);

/** `doctor` alone looks at the caller's own user or role. A plan sends no requests to the address, so it needs no API key. */
const otherSids: ReadonlySet<string> = new Set(["ReadApiKeys", "SimulateOwnPermissions"]);
