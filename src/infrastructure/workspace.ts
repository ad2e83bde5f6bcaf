import { existsSync } from "node:fs";
import { join } from "node:path";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { parseOutputs, type StackRecord } from "../state/stack-record.ts";
import { openTerraform } from "../terraform/run/open.ts";
import type { PlanResult, Terraform } from "../terraform/run/terraform.ts";
import { writeFiles } from "../terraform/render/write-files.ts";
import type { Desired } from "./desired.ts";
import { planText } from "./plan-text.ts";
import { createProgress, type EventSink } from "./progress.ts";

/** A Terraform ready in the stack's folder, with the files in it. */
export interface Workspace {
  readonly terraform: Terraform;
  readonly events: EventSink;
}

export async function openWorkspace(
  deps: Deps,
  target: Target,
  folder: string,
): Promise<Workspace> {
  const events = createProgress(deps.reporter);
  const terraform = await openTerraform({
    run: deps.run,
    env: { ...deps.env, ...target.terraformEnv },
    folder,
    interrupts: deps.interrupts,
    onEvent: events.take,
  });
  return { terraform, events };
}

/**
 * Whether the files that were applied last, and the state they left, are still the ones that are there.
 * A state that an earlier run could not save has to be dealt with first, whatever else is the same.
 */
export async function isApplied(
  target: Target,
  desired: Desired,
  applied: StackRecord | undefined,
): Promise<boolean> {
  return (
    applied !== undefined &&
    applied.applied_hash === desired.hash &&
    applied.state_serial === (await stateSerial(target)) &&
    !existsSync(join(desired.folder, "errored.tfstate"))
  );
}

/** Writes the files, mends what an earlier run left behind, and makes a plan. Nothing in AWS is changed but Terraform's lock. */
export async function planInfrastructure(
  deps: Deps,
  workspace: Workspace,
  desired: Pick<Desired, "files" | "folder">,
  options: { readonly destroy: boolean },
): Promise<PlanResult> {
  await writeFiles(desired.folder, desired.files);
  deps.reporter.notify({ type: "step-started", step: "plan", title: "Plan the infrastructure" });
  try {
    workspace.events.begin("plan", 0);
    await workspace.terraform.init();
    await recoverState(deps, workspace);
    const plan = await workspace.terraform.plan({ planFile, destroy: options.destroy });
    deps.reporter.notify({
      type: "step-finished",
      step: "plan",
      outcome: "done",
      detail: countText(plan),
    });
    return plan;
  } catch (error) {
    deps.reporter.notify({ type: "step-finished", step: "plan", outcome: "failed" });
    throw error;
  }
}

/** Shows the plan and asks; false when the answer is no. Throws InterruptedError with `untouched` when it is interrupted instead. */
export async function confirmPlan(
  deps: Deps,
  flags: GlobalFlags,
  plan: PlanResult,
  question: string,
  untouched: string,
): Promise<boolean> {
  for (const line of planText(plan)) {
    deps.reporter.notify({ type: "note", text: line });
  }
  try {
    return flags.yes || (await deps.reporter.ask(question, "--yes"));
  } catch (error) {
    throw error instanceof InterruptedError
      ? new InterruptedError(error.signal, `${error.message}; ${untouched}`)
      : error;
  }
}

export async function applyInfrastructure(
  deps: Deps,
  workspace: Workspace,
  plan: PlanResult,
  title: string,
): Promise<void> {
  deps.reporter.notify({ type: "step-started", step: "apply", title });
  workspace.events.begin("apply", plan.changes.length);
  try {
    await workspace.terraform.apply({ planFile });
  } catch (error) {
    deps.reporter.notify({ type: "step-finished", step: "apply", outcome: "failed" });
    throw error;
  }
  deps.reporter.notify({
    type: "step-finished",
    step: "apply",
    outcome: "done",
    detail: countText(plan),
  });
}

/** Writes stack.json: what the other verbs, and the next `up`, go by. */
export async function recordStack(
  deps: Deps,
  target: Target,
  workspace: Workspace,
  desired: Desired,
): Promise<StackRecord> {
  const { config, identity } = target;
  const record: StackRecord = {
    schema_version: 1,
    name: config.name,
    environment: config.environment,
    region: config.region,
    account: identity.account,
    applied_hash: desired.hash,
    state_serial: (await stateSerial(target)) ?? 0,
    ami_id: desired.amiId,
    ami_architecture: desired.amiArchitecture,
    applied_at: deps.clock.now().toISOString(),
    outputs: parseOutputs(await workspace.terraform.output()),
  };
  await target.store.put("stack.json", record);
  return record;
}

/** Serial of the Terraform state in the bucket; undefined when there is none. */
export async function stateSerial(target: Target): Promise<number | undefined> {
  const stored = await target.store.get("terraform.tfstate");
  const serial = (stored?.value as { readonly serial?: unknown } | undefined)?.serial;
  return typeof serial === "number" ? serial : undefined;
}

async function recoverState(deps: Deps, workspace: Workspace): Promise<void> {
  const recovered = await workspace.terraform.recoverErroredState();
  if (recovered !== undefined) {
    deps.reporter.notify({ type: "warning", text: recovered });
  }
}

function countText(plan: PlanResult): string {
  const { add, change, remove } = plan.summary;
  return plan.hasChanges
    ? `${add} to add, ${change} to change, ${remove} to destroy`
    : "no changes";
}

const planFile = "infer-deploy.tfplan";
