import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import type { AppliedFacts, StackRecord } from "../state/stack-record.ts";
import { writeFiles } from "../terraform/render/write-files.ts";
import { outsideChanges } from "../terraform/events/outside-changes.ts";
import type { PlanResult, Terraform } from "../terraform/run/terraform.ts";
import { readState } from "../terraform/state/errored-state.ts";
import type { Desired } from "./desired.ts";
import { refuseForeignState } from "./state/foreign-state.ts";
import { requireSerial, type AppliedState } from "./state/require-state.ts";
import type { StatePlace } from "./state/state-place.ts";
import { createProgress, type EventSink } from "./plan/progress.ts";

/** What the stack's infrastructure needs of the terraform binary. */
export type StackTerraform = Pick<
  Terraform,
  | "apply"
  | "init"
  | "output"
  | "plan"
  | "providerVersion"
  | "recoverErroredState"
  | "showPlanJson"
  | "statePull"
  | "stateRemove"
>;

/** Terraform, ready to run in the stack's folder. */
export interface Workspace {
  readonly terraform: StackTerraform;
  readonly events: EventSink;
  readonly reporter: Pick<Reporter, "notify">;
  readonly state: StatePlace;
}

export interface WorkspaceDeps {
  readonly state: StatePlace;
  /** Finds the binary for a folder. Throws CommandError (64) when there is none. */
  readonly openTerraform: (folder: string, onEvent: EventSink["take"]) => Promise<StackTerraform>;
  readonly reporter: Pick<Reporter, "notify">;
}

export async function openWorkspace(
  { openTerraform, reporter, state }: WorkspaceDeps,
  folder: string,
): Promise<Workspace> {
  const events = createProgress(reporter);
  return { terraform: await openTerraform(folder, events.take), events, reporter, state };
}

/**
 * Whether files and state are the same as after the last apply.
 * False while an earlier run's unsaved state is here, because that must be saved first.
 */
export async function isApplied(
  state: Pick<StatePlace, "serial">,
  desired: Pick<Desired, "folder" | "hash">,
  applied: StackRecord | undefined,
): Promise<boolean> {
  return (
    applied !== undefined &&
    applied.applied_hash === desired.hash &&
    applied.state_serial === (await state.serial()) &&
    !existsSync(join(desired.folder, "errored.tfstate"))
  );
}

export interface PlanningOptions {
  readonly destroy: boolean;
  /** The stack as it was applied last. Its provider's version stays. */
  readonly applied: (AppliedState & Pick<AppliedFacts, "provider_version">) | undefined;
  /** Takes the newest provider that the templates accept instead. */
  readonly upgradeProvider?: boolean;
  /** Whether to hold the state's lock meanwhile; true by default. */
  readonly lock?: boolean;
}

/** Writes the files, saves a state that an earlier run could not save, and makes a plan. In AWS it changes only state and lock. */
export async function planInfrastructure(
  { terraform, events, reporter, state }: Workspace,
  desired: Pick<Desired, "files" | "folder">,
  options: PlanningOptions,
): Promise<PlanResult> {
  await writeFiles(desired.folder, desired.files);
  return span(reporter, "plan", "Plan the infrastructure", async ({ done }) => {
    events.begin("plan", 0);
    await state.prepare();
    // Terraform's init would ask whether to move the state from the backend that it remembers, and has no option against that.
    if (state.backend === "cloud") await rm(join(desired.folder, backendCache), { force: true });
    await terraform.init({
      ...state.init,
      providerVersion: options.applied?.provider_version,
      upgrade: options.upgradeProvider ?? false,
    });
    if (state.backend === "cloud") {
      const text = await terraform.statePull();
      refuseForeignState(state, text);
      if (options.applied !== undefined) {
        requireSerial(state, readState(text)?.serial, options.applied);
      }
    }
    const recovered = await terraform.recoverErroredState();
    if (recovered !== undefined) {
      reporter.notify({ type: "warning", text: recovered });
    }
    const { destroy, lock = true } = options;
    const plan = await terraform.plan({ planFile, destroy, lock });
    done(countText(plan));
    return options.destroy ? plan : withOutside(terraform, plan);
  });
}

/** Serial of the state as it is now; undefined when there is none. Terraform has to be initialised. */
export async function savedSerial({
  state,
  terraform,
}: Pick<Workspace, "state"> & {
  readonly terraform: Pick<StackTerraform, "statePull">;
}): Promise<number | undefined> {
  if (state.backend !== "cloud") return state.serial();
  return readState(await terraform.statePull())?.serial;
}

/** To read the saved plan takes seconds, so that is done only where something that is to change was changed outside. */
async function withOutside(
  terraform: Pick<StackTerraform, "showPlanJson">,
  plan: PlanResult,
): Promise<PlanResult> {
  const drifted = new Set(plan.drift.map(({ address }) => address));
  if (!plan.changes.some(({ address }) => drifted.has(address))) return plan;
  return { ...plan, outside: outsideChanges(await terraform.showPlanJson(planFile)) };
}

export async function applyInfrastructure(
  { terraform, events, reporter }: Workspace,
  plan: PlanResult,
  title: string,
): Promise<void> {
  await span(reporter, "apply", title, async ({ done }) => {
    events.begin("apply", plan.changes.length);
    await terraform.apply({ planFile });
    done(countText(plan));
  });
}

function countText(plan: PlanResult): string {
  const { add, change, remove } = plan.summary;
  return plan.hasChanges
    ? `${add} to add, ${change} to change, ${remove} to destroy`
    : "no changes";
}

const planFile = "infer-deploy.tfplan";
/** Which backend the folder had. */
const backendCache = ".terraform/terraform.tfstate";
