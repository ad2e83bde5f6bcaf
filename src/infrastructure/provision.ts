import type { Config } from "../config/schema/config.ts";
import { CommandError } from "../errors/command-error.ts";
import { describeLine } from "../errors/describe.ts";
import type { BackgroundBuild } from "../image/background-build.ts";
import type { Clock } from "../process/clock.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Reporter } from "../report/reporter.ts";
import type { ObjectStore } from "../state/object-store.ts";
import {
  parseOutputs,
  stackKey,
  type AppliedFacts,
  type StackRecord,
} from "../state/stack-record.ts";
import { readStateSerial } from "../state/terraform-state.ts";
import { confirmPlan } from "./confirm-plan.ts";
import type { Desired } from "./desired.ts";
import { writeLocalRecord } from "./local-record.ts";
import { processorText } from "./plan-text.ts";
import {
  applyInfrastructure,
  openWorkspace,
  planInfrastructure,
  type StackTerraform,
  type WorkspaceDeps,
} from "./workspace.ts";

export interface ProvisionDeps extends WorkspaceDeps {
  readonly config: Config;
  readonly account: string;
  readonly store: ObjectStore;
  readonly clock: Pick<Clock, "now">;
  readonly interrupts: Pick<Interrupts, "aborted" | "throwIfInterrupted">;
  readonly reporter: Reporter;
  /** Every question is answered with yes. */
  readonly yes: boolean;
}

/**
 * Plan, question, apply, stack.json. The build runs at the same time; once it has failed, nothing is applied.
 * Throws CommandError (1) when the answer is no. Needs the state bucket.
 */
export async function provision(
  deps: ProvisionDeps,
  inputs: {
    readonly desired: Desired;
    readonly applied: AppliedFacts | undefined;
    readonly build: BackgroundBuild | undefined;
  },
): Promise<StackRecord> {
  const { desired, build } = inputs;
  const workspace = await openWorkspace(deps, desired.folder);
  const plan = await planInfrastructure(workspace, desired, { destroy: false });
  build?.throwIfFailed();
  if (plan.hasChanges) {
    warn(deps, inputs.applied, desired);
    if (!(await confirmPlan(deps, plan, "Apply this?", "nothing was applied"))) {
      throw new CommandError("Nothing was applied.", {
        next: "infer-deploy up --yes applies without asking",
      });
    }
    build?.throwIfFailed();
    deps.interrupts.throwIfInterrupted();
    await applyInfrastructure(workspace, plan, "Apply the infrastructure");
  }
  return recordStack(deps, workspace.terraform, desired);
}

function warn(
  { config, reporter }: ProvisionDeps,
  applied: AppliedFacts | undefined,
  desired: Desired,
): void {
  if (config.domain === null) {
    reporter.notify({
      type: "warning",
      text: "no domain is set, so the address is plain HTTP: fine for a trial, not for production",
    });
  }
  const processor = processorText(applied, desired);
  if (processor !== undefined) {
    reporter.notify({ type: "warning", text: processor });
  }
}

/** Writes stack.json, which the other verbs and the next `up` read. */
async function recordStack(
  { account, clock, config, store }: ProvisionDeps,
  terraform: Pick<StackTerraform, "output">,
  desired: Desired,
): Promise<StackRecord> {
  const record: StackRecord = {
    schema_version: 1,
    name: config.name,
    environment: config.environment,
    region: config.region,
    account,
    applied_hash: desired.hash,
    state_serial: (await readStateSerial(store)) ?? 0,
    ami_id: desired.amiId,
    ami_architecture: desired.amiArchitecture,
    applied_at: clock.now().toISOString(),
    outputs: parseOutputs(await terraform.output()),
  };
  await store.put(stackKey, record).catch((cause: unknown) => {
    throw new CommandError("The infrastructure is applied, but its record could not be written.", {
      where: stackKey,
      why: describeLine(cause),
      next: "infer-deploy up writes it",
      cause,
    });
  });
  await writeLocalRecord(desired.folder, record);
  return record;
}
