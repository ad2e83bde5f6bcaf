import { cloudfrontPermissions } from "./cloudfront-permissions.ts";
import { infrastructurePermissions } from "./infrastructure-permissions.ts";
import { releasePermissions } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/**
 * What `plan` and `status` call: the reading part of the other policies, and nothing that writes. `plan` takes no lock, and the state bucket
 * must be there.
 */
export function planPermissions(place: Place, hasCloudfront = false): readonly Statement[] {
  return [
    ...releasePermissions(place),
    ...infrastructurePermissions(place),
    ...(hasCloudfront ? cloudfrontPermissions(place) : []),
  ]
    .filter(({ sid }) => !otherSids.has(sid))
    .map((statement) => ({ ...statement, actions: statement.actions.filter(reads) }))
    .filter(({ actions }) => actions.length > 0);
}

/** The names of AWS's reading actions begin so. A login to the registry is one of them by name only. */
function reads(action: string): boolean {
  return /:(?:Describe|Get|List)/.test(action) && action !== "ecr:GetAuthorizationToken";
}

/** `doctor` alone looks at the caller's own user or role. */
const otherSids: ReadonlySet<string> = new Set(["SimulateOwnPermissions"]);
