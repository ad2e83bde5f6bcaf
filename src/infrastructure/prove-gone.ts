import { findLeft } from "../aws/tagged-resources.ts";
import type { Deps } from "../deps.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Target } from "../target/target.ts";

/** AWS's index of tags lags behind: what was just deleted may be listed for a while. */
export async function proveGone(deps: Deps, target: Target): Promise<void> {
  const { name, environment } = target.config;
  deps.reporter.notify({ type: "step-started", step: "prove", title: "Look for anything left" });
  let left: readonly string[] = [];
  for (let attempt = 0; attempt < proofAttempts; attempt += 1) {
    left = await findLeft(target.aws, name, environment);
    if (left.length === 0) {
      deps.reporter.notify({
        type: "step-finished",
        step: "prove",
        outcome: "done",
        detail: "nothing",
      });
      return;
    }
    deps.reporter.notify({
      type: "step-progress",
      step: "prove",
      detail: `${left.length} still listed`,
    });
    await deps.clock.sleep(proofMilliseconds, deps.interrupts.aborted);
  }
  deps.reporter.notify({ type: "step-finished", step: "prove", outcome: "failed" });
  throw new CommandError(
    `${left.length} resources still carry the tags of ${name} (${environment}).`,
    {
      detail: left,
      next: "infer-deploy destroy tries again; what it does not know was made by someone else and has to go by hand",
    },
  );
}

const proofMilliseconds = 2000;
const proofAttempts = 30;
