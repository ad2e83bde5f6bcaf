import { rm } from "node:fs/promises";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { emptyRepository } from "../aws/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import type { HeldLock } from "../lock/acquire-lock.ts";
import { lockKey } from "../lock/new-lock.ts";
import type { Clock } from "../process/clock.ts";
import type { Fleet } from "../release/parts.ts";
import { span } from "../report/span.ts";
import { colours } from "../stack/colour.ts";
import { nameStack } from "../stack/names.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { readStateSerial } from "../state/terraform-state.ts";
import { readApplied } from "./applied.ts";
import { confirmPlan } from "./confirm-plan.ts";
import { resolveDesired, type DesiredSources } from "./desired.ts";
import type { ProvisionDeps } from "./provision.ts";
import { applyInfrastructure, openWorkspace, planInfrastructure } from "./workspace.ts";

export interface TearDownDeps extends Omit<ProvisionDeps, "account" | "clock"> {
  readonly clock: Clock;
  readonly sources: DesiredSources;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly fleetOf: (stack: StackRecord) => Pick<Fleet, "scale">;
  /** Finds the resources that still carry the stack's tags. */
  readonly findLeft: () => Promise<readonly string[]>;
  readonly takeLock: () => Promise<Pick<HeldLock, "release">>;
}

/**
 * Empties the registry and the groups, destroys the stack, and checks by tag that nothing is left. A second run succeeds too.
 * Resolves to the outcome, as a phrase.
 */
export async function tearDown(deps: TearDownDeps): Promise<string> {
  const { config, store } = deps;
  const { name, environment, region } = config;
  const [{ record: applied, facts }, serial, tagged] = await Promise.all([
    readApplied(deps, { tolerant: true }),
    readStateSerial(store),
    deps.findLeft(),
  ]);
  if (facts === undefined && serial === undefined && tagged.length === 0) {
    return "nothing to destroy";
  }
  if (config.protection) {
    throw new CommandError(`${name} (${environment}) is protected against deletion.`, {
      where: "protection in infer-deploy.yml",
      next: "set protection: false for this environment, run infer-deploy up, then infer-deploy destroy",
    });
  }
  const desired = await resolveDesired(deps.sources, facts, { refreshAmi: false });
  const workspace = await openWorkspace(deps, desired.folder);
  const plan = await planInfrastructure(workspace, desired, { destroy: true, applied: facts });
  if (plan.hasChanges) {
    const question = `Destroy ${name} (${environment}) in ${region}, with its images and its history?`;
    if (!(await confirmPlan(deps, plan, question, "nothing was destroyed"))) {
      throw new CommandError("Nothing was destroyed.", {
        next: "infer-deploy destroy --yes destroys without asking",
      });
    }
  }
  const lock = await deps.takeLock();
  try {
    if (plan.hasChanges) {
      await emptyWhatBlocks(deps, applied);
      deps.interrupts.throwIfInterrupted();
      await applyInfrastructure(workspace, plan, "Destroy the infrastructure");
    }
    await proveGone(deps);
    await removeDocuments(store);
  } finally {
    await lock.release();
  }
  await rm(desired.folder, { recursive: true, force: true });
  return `${plan.summary.remove} resources destroyed, no tagged resource left`;
}

/** AWS deletes no repository with images, and deletes groups without instances much faster. */
async function emptyWhatBlocks(
  { config, ecr, fleetOf, reporter }: TearDownDeps,
  applied: StackRecord | undefined,
): Promise<void> {
  await span(reporter, "empty", "Empty the registry and the groups", async ({ done }) => {
    const { name, environment, region } = config;
    const repository =
      applied?.outputs.repository_name ?? nameStack(name, environment, region).repository;
    const images = await emptyRepository(await ecr(), repository);
    if (applied !== undefined) {
      const fleet = fleetOf(applied);
      await Promise.all(
        colours.map(async (colour) => fleet.scale(colour, { min: 0, desired: 0 }).catch(ifGone)),
      );
    }
    done(`${images} images`);
  });
}

/** AWS's tag index lags behind, so it may list deleted resources for a while. */
async function proveGone({
  clock,
  config,
  findLeft,
  interrupts,
  reporter,
}: TearDownDeps): Promise<void> {
  const { name, environment } = config;
  await span(reporter, "prove", "Look for anything left", async ({ progress, done }) => {
    let left: readonly string[] = [];
    for (let attempt = 0; attempt < proofAttempts; attempt += 1) {
      left = await findLeft();
      if (left.length === 0) {
        done("nothing");
        return;
      }
      progress(`${left.length} still listed`);
      await clock.sleep(proofMilliseconds, interrupts.aborted);
    }
    throw new CommandError(
      `${left.length} resources still carry the tags of ${name} (${environment}).`,
      {
        detail: left,
        next: "run infer-deploy destroy again; delete what infer-deploy did not make by hand",
      },
    );
  });
}

/** All but the lock, which goes last: without it another run's documents would go too. The bucket is versioned, so they can be restored for 90 days. */
async function removeDocuments(store: Pick<ObjectStore, "list" | "removeAll">): Promise<void> {
  const names = (await store.list("")).map((key) => key.split("/", 1)[0] ?? "");
  for (const name of new Set(names)) {
    if (name !== lockKey) await store.removeAll(name);
  }
}

/** An interrupted destroy may have deleted the group already. */
function ifGone(error: unknown): void {
  if (!(error instanceof Error && error.name === "ValidationError")) {
    throw error;
  }
}

const proofMilliseconds = 2000;
const proofAttempts = 30;
