import { CommandError } from "../errors/command-error.ts";

/** A build that failed during or after the apply. The user must also know that the infrastructure exists and costs money. */
export function withoutImage(failure: CommandError): CommandError {
  return new CommandError(failure.message, {
    exitCode: failure.exitCode,
    detail: failure.detail,
    ...(failure.where === undefined ? {} : { where: failure.where }),
    why: "the infrastructure exists by now, without instances, and costs money",
    next: `${failure.next ?? "fix the build"}; the next infer-deploy up continues from there, infer-deploy destroy removes everything`,
    cause: failure,
  });
}
