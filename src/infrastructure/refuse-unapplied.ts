import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { resolveDesired, type DesiredSources } from "./desired.ts";

/** Throws CommandError (64) when the config asks for infrastructure that is not there yet: a release must not work around `up`. */
export async function refuseUnapplied(sources: DesiredSources, stack: StackRecord): Promise<void> {
  const desired = await resolveDesired(sources, stack, { refreshAmi: false });
  if (desired.hash !== stack.applied_hash) {
    throw new CommandError(
      "infer-deploy.yml has infrastructure changes that are not applied yet.",
      {
        exitCode: exitCodes.usage,
        where: "infer-deploy.yml",
        why: `it was changed after ${stack.applied_at}, when up applied it last, or another version of infer-deploy applied it`,
        next: "infer-deploy plan shows the difference, infer-deploy up applies it; then release",
      },
    );
  }
}
