import type { Target } from "../target/target.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { resolveDesired } from "./desired.ts";

/** Throws CommandError (64) when the config asks for infrastructure that is not there yet: a release must not work around `up`. */
export async function refuseUnapplied(target: Target, stack: StackRecord): Promise<void> {
  const desired = await resolveDesired(target, stack, { refreshAmi: false });
  if (desired.hash !== stack.applied_hash) {
    throw new CommandError("The configuration asks for other infrastructure than there is.", {
      exitCode: exitCodes.usage,
      where: "infer-deploy.yml",
      why: `it was changed after ${stack.applied_at}, when up applied it last, or this infer-deploy is another version`,
      next: "infer-deploy plan shows the difference, infer-deploy up applies it; then release",
    });
  }
}
