import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import type { Hooks } from "../hooks/run-hook.ts";
import type { StackRecord } from "../state/stack-record.ts";

/** What every step of a release or a rollback is given. */
export interface Session {
  readonly deps: Deps;
  readonly target: Target;
  readonly stack: StackRecord;
  readonly hooks: Hooks;
  /** USER@HOST, or the address of the CI run. */
  readonly who: string;
  /** The command line, without values that nobody needs to see. */
  readonly command: string;
}
