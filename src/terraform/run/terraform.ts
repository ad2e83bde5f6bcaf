import { privatePath } from "./private-files.ts";
import { resolve } from "node:path";
import type { Interrupts } from "../../process/interrupts.ts";
import * as argv from "./terraform-argv.ts";
import type { InitOptions, PlanOptions } from "./terraform-argv.ts";
import type { TerraformBinary } from "./binary.ts";
import { terraformEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { recoverErroredState } from "../state/errored-recovery.ts";
import { readDiagnostic } from "../events/terraform-events.ts";
import type { TerraformEvent } from "../events/terraform-events.ts";
import { usualPace } from "./heartbeat.ts";
import type { Patience } from "./heartbeat.ts";
import { initialise, readProviderVersion } from "./initialise.ts";
import { listOf, parseJson, recordOf } from "../events/json.ts";
import { withoutMissingConfig } from "./mirror.ts";
import { collectApply, collectPlan } from "../events/plan-result.ts";
import type { ApplyResult, PlanResult } from "../events/plan-result.ts";
import { runCollected, runStreamed } from "./terraform-session.ts";
import type { KeysEnd, SessionOptions } from "./terraform-session.ts";

export type { ApplyResult, PlanResult };

export interface TerraformOptions {
  readonly binary: TerraformBinary;
  /** The root module. */
  readonly folder: string;
  /** The caller's whole environment; terraformEnvironment filters it. */
  readonly env: Environment;
  readonly interrupts: Interrupts;
  readonly onEvent?: (event: TerraformEvent) => void;
  readonly pace?: Patience;
  readonly keysEnd?: KeysEnd;
}

/**
 * Drives one terraform (or tofu) in one folder. Every method throws CommandError with terraform's reason, with
 * exit code 5 when another run holds the state's lock. It throws InterruptedError (130, 143, 129) after a signal:
 * terraform was interrupted once, finished what was in flight, saved its state and released its lock.
 */
export class Terraform {
  readonly #session: SessionOptions;

  constructor({ onEvent = () => {}, pace = usualPace, ...options }: TerraformOptions) {
    this.#session = {
      ...options,
      onEvent,
      pace,
      env: withoutMissingConfig(
        terraformEnvironment(options.env, privatePath(options.folder, "terraform.log")),
      ),
    };
  }

  /** Prepares the folder, unless nothing has changed since the last time. */
  async init(options: InitOptions = {}): Promise<"initialised" | "unchanged"> {
    const { binary, folder, env, onEvent } = this.#session;
    return initialise({ binary, folder, env, options, onEvent }, async (initEnv) => {
      await runStreamed({ ...this.#session, env: initEnv }, argv.initArgs(options));
    });
  }

  /** The AWS provider's version after init; undefined before. */
  async providerVersion(): Promise<string | undefined> {
    return readProviderVersion(this.#session.binary, this.#session.folder);
  }

  /**
   * Throws CommandError with file and line when the configuration is wrong. Starts the providers, which takes 5 s
   * or more.
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

  /** Applies a saved plan, including one that destroys. */
  async apply(options: {
    readonly planFile: string;
    readonly lockTimeoutSeconds?: number;
  }): Promise<ApplyResult> {
    const args = argv.applyArgs(this.#path(options.planFile), options.lockTimeoutSeconds);
    return collectApply((await runStreamed(this.#session, args)).events);
  }

  /** Destroys everything. To see the plan first, use plan({ destroy: true }) and apply. */
  async destroy(options: { readonly planFile: string }): Promise<ApplyResult> {
    await this.plan({ ...options, destroy: true });
    return this.apply(options);
  }

  /** Values of the root module's outputs, including sensitive ones; empty when nothing was applied. */
  async output(): Promise<Readonly<Record<string, unknown>>> {
    const outputs = recordOf(parseJson(await runCollected(this.#session, argv.outputArgs())));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, recordOf(output)["value"]]),
    );
  }

  /**
   * The saved plan as JSON (https://developer.hashicorp.com/terraform/internals/json-format), with every attribute.
   * This starts the providers again, which takes about 3 s.
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

  /** Terraform forgets these resources, and they stay as they are. */
  async stateRemove(addresses: readonly string[]): Promise<void> {
    await runCollected(this.#session, argv.stateRemoveArgs(addresses));
  }

  /** Removes the lock, whichever run holds it. Only for a holder that is known to be dead. */
  async forceUnlock(lockId: string): Promise<void> {
    await runCollected(this.#session, argv.forceUnlockArgs(lockId));
  }

  /**
   * Saves the state that an earlier apply could not (`errored.tfstate`). Call it after init() and before plan().
   * Returns a sentence for the user about what it did, or undefined when there was nothing to do. Throws CommandError
   * when the two states have diverged.
   */
  async recoverErroredState(): Promise<string | undefined> {
    return recoverErroredState(this.#session.folder, this);
  }

  #path(file: string): string {
    return resolve(this.#session.folder, file);
  }
}
