import { clientSecretName } from "../config/schema/edge/oidc.ts";
import { keyArns } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up` calls for a stack with `auth: oidc`, in addition to everything else: the listener gets the client's secret. */
export function loginPermissions(place: Place): readonly Statement[] {
  return [
    {
      sid: "ReadClientSecret",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [`${keyArns(place).slice(0, -1)}${clientSecretName}-*`],
    },
  ];
}
