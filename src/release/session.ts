import type { ECRClient } from "@aws-sdk/client-ecr";
import type { LoadedConfig } from "../config/load.ts";
import type { Config } from "../config/schema/config.ts";
import type { Hooks } from "../hooks/run-hook.ts";
import type { Referenced } from "../image/ref/referenced.ts";
import type { Model } from "../model/model.ts";
import type { Run } from "../process/programs/run.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Reporter } from "../report/reporter.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { Firewall, Secrets } from "./parts.ts";
import type { RoomFor } from "./plan/choose-strategy.ts";
import type { ExecuteDeps } from "./run/execute.ts";

/** What a release, a rollback, a repair and a first release need. Their steps take parts of it. */
export interface Session extends ExecuteDeps {
  readonly config: Config;
  /** The folder of infer-deploy.yml. The paths in that file are relative to it. */
  readonly root: string;
  /** Where that file sets a key, as FILE:LINE:COLUMN. */
  readonly placeOf: LoadedConfig["placeOf"];
  readonly stack: StackRecord;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly secrets: Secrets;
  readonly firewall: Firewall;
  readonly reporter: Reporter;
  readonly run: Run;
  /** The user's folder of Docker's configuration. It need not exist. */
  readonly dockerFolder: string;
  /** The image that image.ref names; null when the image is built. */
  readonly referenced: Referenced | null;
  readonly model: Model;
  readonly interrupts: Pick<Interrupts, "signal" | "throwIfInterrupted">;
  readonly hooks: Hooks;
  readonly roomFor: RoomFor;
  /** USER@HOST, or the address of the CI run. */
  readonly who: string;
  /** The verb with its main options, such as `release --version v2`. */
  readonly command: string;
}
