import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `exec` and `run` call, in addition to what a release does. It makes its owner root on the stack's instances. */
export function sessionPermissions(place: Place): readonly Statement[] {
  const { names, partition, region } = place;
  const arn = arnOf(place);
  return [
    {
      sid: "OpenSessions",
      actions: ["ssm:StartSession"],
      resources: [arn("ec2", "instance/*")],
      condition: { StringEquals: { "ssm:resourceTag/infer-deploy:stack": names.id } },
    },
    {
      // Documents of AWS have no account; that of the shell is the account's own.
      sid: "RunInSessions",
      actions: ["ssm:StartSession"],
      resources: [
        `arn:${partition}:ssm:${region}::document/AWS-StartInteractiveCommand`,
        `arn:${partition}:ssm:${region}::document/AWS-StartNonInteractiveCommand`,
        arn("ssm", "document/SSM-SessionManagerRunShell"),
      ],
    },
    {
      // Only one's own sessions. Their ids begin with the caller's.
      sid: "EndOwnSessions",
      actions: ["ssm:ResumeSession", "ssm:TerminateSession"],
      resources: [arn("ssm", "session/${aws:userid}-*")],
    },
  ];
}
