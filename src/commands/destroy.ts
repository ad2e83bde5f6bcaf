import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import { stackVerb } from "./stack-verb.ts";

export const destroy = stackVerb({
  name: "destroy",
  summary: "takes everything away and proves by tag that nothing is left",
  options: {},
  needsImage: false,
  run,
});

/** Empties what must be empty, destroys, and proves by tag that nothing is left. A second time it says so and ends well. */
async function run(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig): Promise<number> {
  const { rm } = await import("node:fs/promises");
  const { findLeft } = await import("../aws/tagged-resources.ts");
  const { readApplied } = await import("../infrastructure/applied.ts");
  const { resolveDesired } = await import("../infrastructure/desired.ts");
  const { emptyWhatBlocks } = await import("../infrastructure/empty-what-blocks.ts");
  const { proveGone } = await import("../infrastructure/prove-gone.ts");
  const { applyInfrastructure, confirmPlan, openWorkspace, planInfrastructure, stateSerial } =
    await import("../infrastructure/workspace.ts");
  const { takeLock } = await import("../lock/take-lock.ts");
  const { openTarget } = await import("../target/target.ts");

  const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
  const { name, environment, region } = target.config;
  const [{ record: applied, facts }, serial, tagged] = await Promise.all([
    readApplied(deps, target, { anew: true }),
    stateSerial(target),
    findLeft(target.aws, name, environment),
  ]);
  if (facts === undefined && serial === undefined && tagged.length === 0) {
    return finish(deps, flags, target, "nothing was there");
  }
  if (target.config.protection) {
    throw new CommandError(`${name} (${environment}) is protected against deletion.`, {
      where: "protection in infer-deploy.yml",
      next: "set protection: false for this environment, run infer-deploy up, then destroy",
    });
  }
  const desired = await resolveDesired(target, facts, { refreshAmi: false });
  const workspace = await openWorkspace(deps, target, desired.folder);
  const plan = await planInfrastructure(deps, workspace, desired, { destroy: true });
  if (plan.hasChanges) {
    const question = `Destroy ${name} (${environment}) in ${region}, with its images and its history?`;
    if (!(await confirmPlan(deps, flags, plan, question, "nothing was destroyed"))) {
      throw new CommandError("Nothing was destroyed.", {
        next: "infer-deploy destroy --yes does not ask",
      });
    }
    const lock = await takeLock(deps, flags, target, { command: "destroy", waitSeconds: 0 });
    try {
      await emptyWhatBlocks(deps, target, applied);
      deps.interrupts.throwIfInterrupted();
      await applyInfrastructure(deps, workspace, plan, "Destroy the infrastructure");
    } finally {
      await lock.release();
    }
  }
  await proveGone(deps, target);
  // The bucket is versioned: what is deleted here can be brought back for 90 days.
  await target.store.removeAll("");
  await rm(desired.folder, { recursive: true, force: true });
  return finish(
    deps,
    flags,
    target,
    `${plan.summary.remove} resources destroyed, none left by tag`,
  );
}

function finish(deps: Deps, flags: GlobalFlags, target: Target, what: string): number {
  const { name, environment, region } = target.config;
  deps.out(
    flags.json
      ? jsonText({ schema_version: 1, name, environment, region, left: 0, detail: what })
      : `${name} (${environment}) in ${region}: ${what}\n`,
  );
  return exitCodes.done;
}
