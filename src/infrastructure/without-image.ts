import { CommandError } from "../errors/command-error.ts";

/** A build that failed beside or after the apply: what the user has now, and what it costs, is more than the failure tells. */
export function withoutImage(failure: CommandError): CommandError {
  return new CommandError(failure.message, {
    exitCode: failure.exitCode,
    detail: failure.detail,
    ...(failure.where === undefined ? {} : { where: failure.where }),
    why: "the infrastructure stands meanwhile, with no instances, and costs money as it is",
    next: `${failure.next ?? "mend the build"}; the next infer-deploy up goes on from there, infer-deploy destroy takes it all away`,
    cause: failure,
  });
}
