import { otherTopology, type Config } from "../config/schema/config.ts";
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
import { isRecord } from "../terraform/events/json.ts";
import { confirmPlan } from "./plan/confirm-plan.ts";
import type { Desired } from "./desired.ts";
import { writeLocalRecord } from "./local-record.ts";
import { planWarnings } from "./plan/plan-warnings.ts";
import {
  applyInfrastructure,
  openWorkspace,
  planInfrastructure,
  savedSerial,
  type Workspace,
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
    /** What AWS must have before Terraform's changes; called once they are agreed to. */
    readonly beforeApply?: () => Promise<void>;
    /** Takes the newest AWS provider instead of the one that the stack was applied with. */
    readonly upgradeProvider?: boolean;
  },
): Promise<StackRecord> {
  const { desired, build } = inputs;
  const workspace = await openWorkspace(deps, desired.folder);
  const { applied, upgradeProvider = false } = inputs;
  const options = { destroy: false, applied, upgradeProvider };
  const plan = await planInfrastructure(workspace, desired, options);
  const provider = await workspace.terraform.providerVersion();
  const before = applied?.provider_version;
  if (before !== undefined && provider !== undefined && before !== provider) {
    deps.reporter.notify({ type: "note", text: `AWS provider ${before} -> ${provider}` });
  }
  build?.throwIfFailed();
  if (plan.hasChanges) {
    for (const text of planWarnings(deps.config, applied, desired)) {
      deps.reporter.notify({ type: "warning", text });
    }
    if (!(await confirmPlan(deps, plan, "Apply this?", "nothing was applied"))) {
      throw new CommandError("Nothing was applied.", {
        next: "infer-deploy up --yes applies without asking",
      });
    }
    build?.throwIfFailed();
    deps.interrupts.throwIfInterrupted();
    await inputs.beforeApply?.();
    await noteProvider(deps.store, before, provider);
    await applyInfrastructure(workspace, plan, "Apply the infrastructure");
  }
  return recordStack(deps, workspace, desired, applied);
}

/** Before the apply: also after one that fails, the old provider could not read what the new one has written. */
async function noteProvider(
  store: ObjectStore,
  before: string | undefined,
  version: string | undefined,
): Promise<void> {
  const stored = await store.get(stackKey);
  if (before === version || version === undefined || !isRecord(stored?.value)) return;
  await store.put(stackKey, { ...stored.value, provider_version: version });
}

/** Writes stack.json, which the other verbs and the next `up` read. */
async function recordStack(
  { account, clock, config, store }: ProvisionDeps,
  workspace: Pick<Workspace, "state" | "terraform">,
  desired: Desired,
  applied: AppliedFacts | undefined,
): Promise<StackRecord> {
  const { state, terraform } = workspace;
  const found = await terraform.output();
  const serves = desired.beside?.serves ?? config.topology;
  const record: StackRecord = {
    schema_version: 1,
    name: config.name,
    environment: config.environment,
    region: config.region,
    account,
    applied_hash: desired.hash,
    state_serial: (await savedSerial(workspace)) ?? 0,
    ami_id: desired.amiId,
    ami_architecture: desired.amiArchitecture,
    ami_kind: desired.amiKind,
    disk_gb: config.instances.diskGb,
    zones: [...desired.zones],
    internal: config.network.internal,
    ...(config.https === "cloudfront" ? { cloudfront: true } : {}),
    allow: [...config.network.allow],
    ...(config.network.vpc === null ? {} : { vpc: config.network.vpc.id }),
    secrets: [...desired.secrets],
    ...(desired.models.length === 0 ? {} : { models: [...desired.models] }),
    ...(desired.keyGroup === null ? {} : { key_group: desired.keyGroup }),
    // Terraform does not change it.
    ...(applied?.login === undefined ? {} : { login: applied.login }),
    ...(state.backend === "s3" ? {} : { state_backend: state.backend }),
    provider_version: await terraform.providerVersion(),
    applied_at: clock.now().toISOString(),
    egress: desired.egress,
    max: desired.max,
    outputs: parseOutputs(found, serves),
    ...(desired.beside === null
      ? {}
      : { beside: parseOutputs(found, otherTopology(serves)), moves_to: config.topology }),
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
