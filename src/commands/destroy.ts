import { rm } from "node:fs/promises";
import { setCapacity } from "../aws/fleet.ts";
import { emptyRepository } from "../aws/registry.ts";
import { findLeft } from "../aws/tagged-resources.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { readApplied } from "../infrastructure/applied.ts";
import { resolveDesired } from "../infrastructure/desired.ts";
import {
  applyInfrastructure,
  confirmPlan,
  openWorkspace,
  planInfrastructure,
  stateSerial,
} from "../infrastructure/workspace.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { nameStack } from "../stack/names.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { takeLock } from "../lock/take-lock.ts";
import { openTarget, type Target } from "../target/target.ts";
import { colours } from "../stack/colour.ts";

/** Empties what must be empty, destroys, and proves by tag that nothing is left. A second time it says so and ends well. */
export async function destroy(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
): Promise<number> {
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

/** A repository with images cannot be deleted, and groups without instances go much faster. */
async function emptyWhatBlocks(
  deps: Deps,
  target: Target,
  applied: StackRecord | undefined,
): Promise<void> {
  deps.reporter.notify({
    type: "step-started",
    step: "empty",
    title: "Empty the registry and the groups",
  });
  const { name, environment, region } = target.config;
  const repository =
    applied?.outputs.repository_name ?? nameStack(name, environment, region).repository;
  const images = await emptyRepository(await target.aws.ecr(), repository);
  if (applied !== undefined) {
    const autoScaling = await target.aws.autoScaling();
    await Promise.all(
      colours.map((colour) =>
        setCapacity(autoScaling, applied.outputs.autoscaling_group_names[colour], {
          min: 0,
          desired: 0,
        }).catch((error: unknown) => {
          // The group may be gone already, in a stack that was destroyed half-way.
          if (!(error instanceof Error && error.name === "ValidationError")) {
            throw error;
          }
        }),
      ),
    );
  }
  deps.reporter.notify({
    type: "step-finished",
    step: "empty",
    outcome: "done",
    detail: `${images} images`,
  });
}

/** AWS's index of tags lags behind: what was just deleted may be listed for a while. */
async function proveGone(deps: Deps, target: Target): Promise<void> {
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

function finish(deps: Deps, flags: GlobalFlags, target: Target, what: string): number {
  const { name, environment, region } = target.config;
  deps.out(
    flags.json
      ? jsonText({ schema_version: 1, name, environment, region, left: 0, detail: what })
      : `${name} (${environment}) in ${region}: ${what}\n`,
  );
  return exitCodes.done;
}

const proofMilliseconds = 2000;
const proofAttempts = 30;
