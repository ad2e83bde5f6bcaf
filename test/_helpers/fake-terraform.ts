import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventSink } from "../../src/infrastructure/plan/progress.ts";
import type { StackTerraform } from "../../src/infrastructure/workspace.ts";
import type { PlanResult } from "../../src/terraform/run/terraform.ts";
import type { MemoryBucket } from "./memory-store.ts";
import { stackRecord } from "./rollout-values.ts";

/**
 * A terraform whose resources are names in plain view. A plan compares what exists with `wanted` and with the variables in the folder's
 * files, and is saved there; apply makes just what the saved plan says, and writes a state with a new serial into the bucket. A plan that
 * destroys removes everything. What an earlier run could not save (`unsaved`) is saved once, before the plan. What someone
 * changes outside is `drifted`. There are no providers or locks.
 */
export class FakeTerraform {
  /** What the files ask for. */
  wanted: readonly string[] = ["aws_vpc.this", "aws_lb.this"];
  exists: readonly string[] = [];
  /** The variables of the last apply. */
  variables = "";
  serial = 0;
  /** The provider's version in the folder's lock file, and the one that an upgrade takes. */
  provider = "5.100.0";
  newestProvider = "5.100.0";
  /** What exists and was changed outside: the next plan changes it back. */
  drifted: readonly string[] = [];
  /** The sentence about a state that is saved now. */
  unsaved: string | undefined;
  /** What the state has of them. */
  stateOutputs: Readonly<Record<string, { readonly value: string }>> = {};
  /** Outputs in addition to a fleet's. */
  moreOutputs: object = {};
  /** The variables of each apply, and of each plan that changed nothing. */
  readonly applied: object[] = [];
  /** Whether the last plan held the state's lock. */
  planLocked = true;
  /** Thrown by these steps. */
  readonly failures = new Map<"init" | "plan" | "state rm" | "apply", Error>();
  /** Steps in the order in which they were taken. */
  readonly steps: string[] = [];
  /** Called while an apply runs. */
  onApply: () => void | Promise<void> = () => undefined;
  readonly #bucket: MemoryBucket;

  constructor(bucket: MemoryBucket) {
    this.#bucket = bucket;
  }

  readonly open = async (folder: string, take: EventSink["take"]): Promise<StackTerraform> => {
    const step = (name: "init" | "plan" | "state rm" | "apply"): void => {
      this.steps.push(name);
      const failure = this.failures.get(name);
      if (failure !== undefined) throw failure;
    };
    return {
      init: async (options) => {
        step("init");
        const kept = options?.providerVersion ?? this.provider;
        this.provider = options?.upgrade === true ? this.newestProvider : kept;
        return "initialised";
      },
      statePull: async () =>
        this.serial === 0
          ? ""
          : JSON.stringify({
              version: 4,
              serial: this.serial,
              lineage: "one",
              outputs: this.stateOutputs,
            }),
      providerVersion: async () => this.provider,
      recoverErroredState: async () => {
        const said = this.unsaved;
        this.unsaved = undefined;
        return said;
      },
      plan: async ({ planFile, destroy = false, lock = true }) => {
        this.planLocked = lock;
        step("plan");
        const variables = await readFile(join(folder, "terraform.tfvars.json"), "utf8");
        const result = this.#compare(destroy ? [] : this.wanted, destroy ? "" : variables);
        await writeFile(
          join(folder, planFile),
          JSON.stringify({ result, destroy, variables, serial: this.serial }),
        );
        return result;
      },
      showPlanJson: async () => {
        this.steps.push("show");
        const change = (before: string, after: string) => ({
          actions: ["update"],
          before: { value: before },
          after: { value: after },
        });
        return {
          resource_drift: this.drifted.map((address) => ({ address, change: change("a", "b") })),
          resource_changes: this.drifted.map((address) => ({ address, change: change("b", "a") })),
        };
      },
      apply: async ({ planFile }) => {
        step("apply");
        const saved = JSON.parse(await readFile(join(folder, planFile), "utf8")) as SavedPlan;
        if (saved.serial !== this.serial) throw new Error("Saved plan is stale");
        for (const { address, action } of saved.result.changes) {
          take({ type: "apply_start", address, action, at: 0 });
          take({ type: "apply_complete", address, action, elapsedSeconds: 1, at: 0 });
        }
        await this.onApply();
        this.exists = saved.destroy ? [] : this.wanted;
        this.variables = saved.destroy ? "" : saved.variables;
        this.drifted = [];
        this.serial += 1;
        this.#bucket.write("terraform.tfstate", JSON.stringify({ serial: this.serial }));
        return { summary: saved.result.summary, outputs: {} };
      },
      stateRemove: async (addresses) => {
        step("state rm");
        this.exists = this.exists.filter((name) => !addresses.includes(name));
        this.serial += 1;
      },
      output: async () => {
        this.applied.push(JSON.parse(this.variables === "" ? "{}" : this.variables) as object);
        return this.exists.length === 0 ? {} : { ...stackRecord().outputs, ...this.moreOutputs };
      },
    };
  };

  #compare(wanted: readonly string[], variables: string): PlanResult {
    const change = (action: string) => (address: string) => ({
      action,
      address,
      resourceType: address.split(".")[0] ?? "",
    });
    const added = wanted.filter((name) => !this.exists.includes(name)).map(change("create"));
    const removed = this.exists.filter((name) => !wanted.includes(name)).map(change("delete"));
    const kept = wanted.filter((name) => this.exists.includes(name));
    const changed = kept
      .filter((name) => variables !== this.variables || this.drifted.includes(name))
      .map(change("update"));
    const changes = [...added, ...changed, ...removed];
    return {
      changes,
      drift: this.drifted.map(change("update")),
      outputs: {},
      summary: { add: added.length, change: changed.length, remove: removed.length },
      hasChanges: changes.length > 0,
    };
  }
}

interface SavedPlan {
  readonly result: PlanResult;
  readonly destroy: boolean;
  readonly variables: string;
  /** Of the state for which the plan was made. Terraform applies it to no other. */
  readonly serial: number;
}
