import { parameterActions } from "./infrastructure-permissions.ts";
import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan` and `destroy` call for a stack of one machine, in addition to everything else. */
export function machinePermissions(place: Place): readonly Statement[] {
  const { names } = place;
  const arn = arnOf(place);
  return [
    {
      sid: "ManageDoor",
      actions: [...parameterActions, "ssm:PutParameter"],
      resources: Object.values(names.door).map((parameter) => arn("ssm", `parameter${parameter}`)),
    },
  ];
}
