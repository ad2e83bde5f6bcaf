import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { CommandError } from "../errors/command-error.ts";
import type { BackgroundBuild } from "../image/background-build.ts";
import type { AppliedFacts, StackRecord } from "../state/stack-record.ts";
import type { Desired } from "./desired.ts";
import {
  applyInfrastructure,
  confirmPlan,
  openWorkspace,
  planInfrastructure,
  recordStack,
} from "./workspace.ts";
import { processorText } from "./plan-text.ts";

/**
 * Plan, question, apply. The build goes on meanwhile; nothing is applied once it is known to have failed.
 * Throws CommandError (1) when the answer is no. Needs the state bucket.
 */
export async function provision(
  deps: Deps,
  flags: GlobalFlags,
  target: Target,
  inputs: {
    readonly desired: Desired;
    readonly applied: AppliedFacts | undefined;
    readonly build: BackgroundBuild | undefined;
  },
): Promise<StackRecord> {
  const { desired, build } = inputs;
  const workspace = await openWorkspace(deps, target, desired.folder);
  const plan = await planInfrastructure(deps, workspace, desired, { destroy: false });
  build?.throwIfFailed();
  if (plan.hasChanges) {
    if (target.config.domain === null) {
      deps.reporter.notify({
        type: "warning",
        text: "no domain is set, so the address speaks plain HTTP: fine for a trial, not for production",
      });
    }
    const processor = processorText(inputs.applied, desired);
    if (processor !== undefined) {
      deps.reporter.notify({ type: "warning", text: processor });
    }
    if (!(await confirmPlan(deps, flags, plan, "Apply this?", "nothing was applied"))) {
      throw new CommandError("Nothing was applied.", {
        next: "infer-deploy up --yes applies without asking",
      });
    }
    build?.throwIfFailed();
    deps.interrupts.throwIfInterrupted();
    await applyInfrastructure(deps, workspace, plan, "Apply the infrastructure");
  }
  return recordStack(deps, target, workspace, desired);
}
