import { parameterActions } from "./infrastructure-permissions.ts";
import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan` and `destroy` call for a stack of one machine, in addition to everything else. */
export function machinePermissions(place: Place): readonly Statement[] {
  const { bucket, names, partition } = place;
  const arn = arnOf(place);
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  return [
    {
      // What the machine runs is an object with tags. Terraform deletes all its versions.
      sid: "KeepProgramOfMachine",
      actions: ["s3:DeleteObjectVersion", "s3:GetObjectTagging", "s3:PutObjectTagging"],
      resources: [`${bucketArn}/${names.state_prefix}/instance/*`],
    },
    {
      sid: "ListVersionsOfProgram",
      actions: ["s3:ListBucketVersions"],
      resources: [bucketArn],
      condition: { StringLike: { "s3:prefix": [`${names.state_prefix}/instance/*`] } },
    },
    {
      sid: "ManageDoor",
      actions: [...parameterActions, "ssm:PutParameter"],
      resources: Object.values(names.door).map((parameter) => arn("ssm", `parameter${parameter}`)),
    },
  ];
}
