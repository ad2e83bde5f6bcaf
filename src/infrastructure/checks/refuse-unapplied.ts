import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { resolveDesired, type DesiredSources } from "../desired.ts";

/** Throws CommandError (64) when the config has infrastructure changes that are not applied yet: a release must not bypass `up`. */
export async function refuseUnapplied(sources: DesiredSources, stack: StackRecord): Promise<void> {
  const desired = await resolveDesired(sources, stack, { refreshAmi: false });
  if (desired.hash !== stack.applied_hash) {
    throw new CommandError(
      "infer-deploy.yml has infrastructure changes that are not applied yet.",
      {
        exitCode: exitCodes.usage,
        where: "infer-deploy.yml",
        why: `it has changed since the last infer-deploy up (${stack.applied_at}), or another version of infer-deploy ran that up`,
        next: "infer-deploy plan shows the changes and infer-deploy up applies them; then release",
      },
    );
  }
}
