import type { ECRClient } from "@aws-sdk/client-ecr";
import type { Config } from "../config/schema/config.ts";
import type { Hooks } from "../hooks/run-hook.ts";
import type { Run } from "../process/run.ts";
import type { Interrupts } from "../process/interrupts.ts";
import type { Reporter } from "../report/reporter.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { ExecuteDeps } from "./run/execute.ts";

/** What the stories of this room work with: a release, a rollback, a repair, a first release. Their steps take parts of it. */
export interface Session extends ExecuteDeps {
  readonly config: Config;
  /** The folder of infer-deploy.yml, from which its paths are meant. */
  readonly root: string;
  readonly stack: StackRecord;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly reporter: Reporter;
  readonly run: Run;
  readonly interrupts: Pick<Interrupts, "signal" | "throwIfInterrupted">;
  readonly hooks: Hooks;
  /** USER@HOST, or the address of the CI run. */
  readonly who: string;
  /** The command line, without values that nobody needs to see. */
  readonly command: string;
}
