import { rm } from "node:fs/promises";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { Leftovers } from "../aws/leftovers/find-left.ts";
import { emptyRepository } from "../aws/ecr/empty-repository.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import { CommandError } from "../errors/command-error.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import type { HeldLock } from "../lock/acquire-lock.ts";
import { lockKey } from "../lock/new-lock.ts";
import type { Clock } from "../process/clock.ts";
import type { Fleet } from "../release/parts.ts";
import { span } from "../report/span.ts";
import { colours } from "../stack/colour.ts";
import { nameStack } from "../stack/names.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { readApplied } from "./applied.ts";
import { lostStateError } from "./state/lost-state.ts";
import { requireState } from "./state/require-state.ts";
import { confirmPlan } from "./plan/confirm-plan.ts";
import { unknownEndpoints } from "./door/login.ts";
import { resolveDesired, type DesiredSources } from "./desired.ts";
import type { ProvisionDeps } from "./provision.ts";
import { keepSharedRecords } from "./shared-records.ts";
import { applyInfrastructure, openWorkspace, planInfrastructure } from "./workspace.ts";

export interface TearDownDeps extends Omit<ProvisionDeps, "clock"> {
  readonly clock: Clock;
  readonly sources: DesiredSources;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly fleetOf: (stack: StackRecord) => Pick<Fleet, "scale">;
  /** The stack's secrets. */
  readonly secrets: {
    readonly list: () => Promise<readonly Pick<StoredSecret, "name" | "arn">[]>;
    readonly remove: (arn: string) => Promise<void>;
  };
  /** Deletes the rule group of the API keys. */
  readonly removeKeyGroup: () => Promise<boolean>;
  /** Asks AWS what it still has of the stack. */
  readonly findLeft: () => Promise<Leftovers>;
  /** ARNs of the account's other certificates of a domain. */
  readonly otherCertificates: (domain: string) => Promise<readonly string[]>;
  readonly takeLock: () => Promise<Pick<HeldLock, "release">>;
}

/**
 * Empties the registry and the groups, destroys the stack, deletes its secrets, and asks AWS that nothing is left. A second run succeeds too.
 * Resolves to the outcome, as a phrase.
 */
export async function tearDown(deps: TearDownDeps): Promise<string> {
  const { config, store } = deps;
  const { name, environment } = config;
  const [{ record: applied, facts }, serial] = await Promise.all([
    readApplied(deps, { tolerant: true }),
    deps.state.serial(),
  ]);
  // An old copy of the state elsewhere does not have all that exists.
  if (facts !== undefined && (facts.state_backend ?? "s3") !== deps.state.backend) {
    await requireState(deps.state, facts);
  }
  if (serial === undefined) {
    const { left, unsure } = await deps.findLeft();
    // An interrupted destroy may have removed the state before stack.json.
    if (facts !== undefined && left.length > 0) throw lostStateError(deps.state);
    if (left.length === 0 && facts === undefined) {
      warn(deps, unsure);
      return "nothing to destroy";
    }
  }
  if (config.protection) {
    throw new CommandError(`${name} (${environment}) is protected against deletion.`, {
      where: "protection in infer-deploy.yml",
      next: "set protection: false for this environment, run infer-deploy up, then infer-deploy destroy",
    });
  }
  const sources = { ...deps.sources, loginEndpoints: async () => unknownEndpoints(config) };
  const desired = await resolveDesired(sources, facts, { refreshAmi: false });
  const workspace = await openWorkspace(deps, desired.folder);
  const options = { destroy: true, applied: facts };
  const plan = await planInfrastructure(workspace, desired, options);
  const secrets = await listUnlessDenied(deps);
  const question = questionOf(config, plan.hasChanges, secrets.length);
  const agreed = plan.hasChanges
    ? await confirmPlan(deps, plan, question, "nothing was destroyed")
    : secrets.length === 0 || deps.yes || (await deps.reporter.ask(question, "--yes"));
  if (!agreed) {
    throw new CommandError("Nothing was destroyed.", {
      next: "infer-deploy destroy --yes destroys without asking",
    });
  }
  const lock = await deps.takeLock();
  try {
    if (plan.hasChanges) {
      await emptyWhatBlocks(deps, applied);
      deps.interrupts.throwIfInterrupted();
      const isOutdated = await keepSharedRecords(deps, workspace, plan);
      await applyInfrastructure(
        workspace,
        isOutdated ? await planInfrastructure(workspace, desired, options) : plan,
        "Destroy the infrastructure",
      ).catch(async (error: unknown) => {
        await reportRest(deps, error);
        throw error;
      });
    }
    // Terraform has removed the web ACL that refers to it.
    if (config.auth === "keys" || facts?.key_group !== undefined) await deps.removeKeyGroup();
    await removeSecrets(deps, secrets);
    // Terraform's state is empty now: what describes the stack has nothing left to describe, whatever else AWS still has.
    await removeDocuments(store);
    await deps.state.remove();
    await rm(desired.folder, { recursive: true, force: true });
    // Without a change nothing is being deleted, so that waiting would help nothing.
    await proveGone(deps, plan.hasChanges || secrets.length > 0 ? proofAttempts : 1);
  } finally {
    await lock.release();
  }
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

/** Last, because instances that still serve may start again. Secrets Manager deletes them at once: a recovery window would keep their names. */
async function removeSecrets(
  { reporter, secrets }: TearDownDeps,
  found: Awaited<ReturnType<TearDownDeps["secrets"]["list"]>>,
): Promise<void> {
  if (found.length === 0) return;
  await span(reporter, "secrets", "Delete the secrets", async ({ done }) => {
    for (const { arn } of found) await secrets.remove(arn);
    done(found.map(({ name }) => name).join(", "));
  });
}

/** A stack without secrets must not need a permission for them. What remains is reported as unsure at the end. */
async function listUnlessDenied({ secrets }: TearDownDeps) {
  return secrets.list().catch((error: unknown) => {
    if (error instanceof Error && error.name.startsWith("AccessDenied")) return [];
    throw error;
  });
}

function questionOf(
  { name, environment, region }: TearDownDeps["config"],
  hasInfrastructure: boolean,
  secrets: number,
): string {
  const where = `${name} (${environment}) in ${region}`;
  const also = secrets === 0 ? "" : `${secrets} secret${secrets === 1 ? "" : "s"}`;
  if (!hasInfrastructure) return `Delete the ${also} of ${where}?`;
  return `Destroy ${where}, with its images${also === "" ? "" : `, its ${also}`} and its history?`;
}

/** Some services need a while: load balancers and groups leave network interfaces for a minute. */
async function proveGone(deps: TearDownDeps, attempts: number): Promise<void> {
  const { clock, config, findLeft, interrupts, reporter } = deps;
  const { name, environment } = config;
  await span(reporter, "prove", "Look for anything left", async ({ progress, done }) => {
    let found: Leftovers = { left: [], unsure: [] };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) {
        progress(`${found.left.length} still there`);
        await clock.sleep(proofMilliseconds, interrupts.aborted);
      }
      found = await findLeft();
      if (found.left.length === 0) {
        warn(deps, found.unsure);
        done("nothing");
        return;
      }
      // An up that was refused or interrupted leaves one that no record names.
      const isKeyGroup = (arn: string): boolean => arn.includes(":regional/rulegroup/");
      if (attempt === 0 && found.left.some(isKeyGroup)) await deps.removeKeyGroup();
    }
    warn(deps, found.unsure);
    const what = found.left.length === 1 ? "A resource" : `${found.left.length} resources`;
    throw new CommandError(`${what} of ${name} (${environment}) could not be destroyed.`, {
      detail: found.left,
      why: "Terraform's state does not have what remains",
      next: "delete it by hand; infer-deploy destroy then looks again",
    });
  });
}

/** Terraform only names what it cannot delete. The cause may be a resource that it does not know, such as one whose creation lost its answer. */
async function reportRest({ findLeft, reporter }: TearDownDeps, failure: unknown): Promise<void> {
  if (failure instanceof InterruptedError) return;
  const { left } = await findLeft().catch((): Leftovers => ({ left: [], unsure: [] }));
  if (left.length === 0) return;
  const more = left.length > shown ? `, and ${left.length - shown} more` : "";
  const text = `AWS still has ${left.slice(0, shown).join(", ")}${more}; what Terraform does not know may block the rest`;
  reporter.notify({ type: "warning", text });
}

function warn({ reporter }: Pick<TearDownDeps, "reporter">, sentences: readonly string[]): void {
  for (const text of sentences) reporter.notify({ type: "warning", text });
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

const shown = 10;
const proofMilliseconds = 2000;
const proofAttempts = 30;
