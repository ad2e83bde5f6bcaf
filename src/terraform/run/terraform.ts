import { resolve } from "node:path";
import type { Interrupts } from "../../process/interrupts.ts";
import * as argv from "./argv.ts";
import type { InitOptions, PlanOptions } from "./argv.ts";
import type { TerraformBinary } from "./binary.ts";
import { terraformEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { recoverErroredState } from "../state/errored-recovery.ts";
import { readDiagnostic } from "../events/events.ts";
import type { TerraformEvent } from "../events/events.ts";
import { usualPace } from "./heartbeat.ts";
import type { Pace } from "./heartbeat.ts";
import { initialise } from "./initialise.ts";
import { listOf, parseJson, recordOf } from "../events/json.ts";
import { withoutMissingConfig } from "./mirror.ts";
import { collectApply, collectPlan } from "../events/plan-result.ts";
import type { ApplyResult, PlanResult } from "../events/plan-result.ts";
import { runCollected, runStreamed } from "./session.ts";
import type { SessionOptions } from "./session.ts";

export type { ApplyResult, PlanResult };

export interface TerraformOptions {
  readonly binary: TerraformBinary;
  /** The root module. */
  readonly folder: string;
  /** The caller's whole environment; terraform gets what terraformEnvironment leaves of it. */
  readonly env: Environment;
  readonly interrupts: Interrupts;
  readonly onEvent?: (event: TerraformEvent) => void;
  readonly pace?: Pace;
}

/**
 * Drives one terraform (or tofu) in one folder. Every method throws CommandError with terraform's reason, with
 * exit code 5 when somebody else holds the state's lock, and InterruptedError (130, 143, 129) when a signal
 * came: terraform was then told once, finished what was in flight, saved its state and released its lock.
 */
export class Terraform {
  readonly #session: SessionOptions;

  constructor({ onEvent = () => {}, pace = usualPace, ...options }: TerraformOptions) {
    this.#session = {
      ...options,
      onEvent,
      pace,
      env: withoutMissingConfig(terraformEnvironment(options.env)),
    };
  }

  /** Prepares the folder; does nothing when nothing that it depends on changed since the last time. */
  async init(options: InitOptions = {}): Promise<"initialised" | "unchanged"> {
    const { binary, folder, env } = this.#session;
    return initialise({ binary, folder, env, options }, async (initEnv) => {
      await runStreamed({ ...this.#session, env: initEnv }, argv.initArgs(options));
    });
  }

  /**
   * Throws CommandError with file and line of what is wrong with the configuration. Starts the providers: 5 s
   * and more.
   */
  async validate(): Promise<void> {
    await runCollected(this.#session, argv.validateArgs(), (stdout) => {
      return stdout.startsWith("{")
        ? listOf(recordOf(parseJson(stdout))["diagnostics"]).map(readDiagnostic)
        : [];
    });
  }

  /** Plans, and saves the plan to `planFile`, relative to the folder. */
  async plan(options: PlanOptions): Promise<PlanResult> {
    const args = argv.planArgs({ ...options, planFile: this.#path(options.planFile) });
    const { events, exitCode } = await runStreamed(this.#session, args, [0, 2]);
    return collectPlan(events, exitCode === 2);
  }

  /** Applies a saved plan, also one that destroys. */
  async apply(options: {
    readonly planFile: string;
    readonly lockTimeoutSeconds?: number;
  }): Promise<ApplyResult> {
    const args = argv.applyArgs(this.#path(options.planFile), options.lockTimeoutSeconds);
    return collectApply((await runStreamed(this.#session, args)).events);
  }

  /** Plans to take everything away and does it. To look before, use plan({ destroy: true }) and apply. */
  async destroy(options: { readonly planFile: string }): Promise<ApplyResult> {
    await this.plan({ ...options, destroy: true });
    return this.apply(options);
  }

  /** Values of the root module's outputs, the sensitive ones too; empty when nothing was applied. */
  async output(): Promise<Readonly<Record<string, unknown>>> {
    const outputs = recordOf(parseJson(await runCollected(this.#session, argv.outputArgs())));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, recordOf(output)["value"]]),
    );
  }

  /**
   * The saved plan as JSON (https://developer.hashicorp.com/terraform/internals/json-format), with every attribute.
   * The providers start once more for it: about 3 s.
   */
  async showPlanJson(planFile: string): Promise<unknown> {
    return parseJson(await runCollected(this.#session, argv.showPlanArgs(this.#path(planFile))));
  }

  /** The saved state's text; empty when there is none. */
  async statePull(): Promise<string> {
    return runCollected(this.#session, argv.statePullArgs());
  }

  /** Terraform refuses a state of another lineage, and one that is not newer than the saved one. */
  async statePush(stateFile: string): Promise<void> {
    await runCollected(this.#session, argv.statePushArgs(this.#path(stateFile)));
  }

  /** Takes the lock away from whoever has it: only for a holder that is known to be dead. */
  async forceUnlock(lockId: string): Promise<void> {
    await runCollected(this.#session, argv.forceUnlockArgs(lockId));
  }

  /**
   * Saves what an earlier apply could not (`errored.tfstate`): after init() and before plan(). Returns a
   * sentence for the user about what was done, undefined when there was nothing to do. Throws CommandError when
   * the two states have parted.
   */
  async recoverErroredState(): Promise<string | undefined> {
    return recoverErroredState(this.#session.folder, this);
  }

  #path(file: string): string {
    return resolve(this.#session.folder, file);
  }
}
