import type { Deps } from "../../deps.ts";
import type { Invocation, Options } from "../../options/read-options.ts";
import type { GlobalFlags } from "../../target/flags.ts";

/**
 * A verb of the command line. Importing one loads its options and nothing else, because --help imports them all: `run` loads what it works
 * with itself.
 */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly options: Options;
  /** Words behind the verb that belong to no flag, as many as the user likes. Undefined: there are none. */
  readonly operand?: Operand;
  /** Resolves with the exit code. */
  readonly run: (start: Start) => Promise<number>;
}

export interface Operand {
  /** As help shows it, without brackets. */
  readonly name: string;
  readonly summary: string;
  /** What a shell offers. They are not checked. */
  readonly choices: readonly string[];
}

/** Verbs below one word: `lock status`, `lock release`. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Verb[];
}

/** What a verb begins with. */
export interface Start extends Invocation {
  readonly operands: readonly string[];
  readonly cwd: string;
  /** Calls back when the process ends. */
  readonly onExit: (listener: () => void) => void;
  /** Data for programs: standard output. */
  readonly out: (text: string) => void;
  /** Every verb that there is. */
  readonly verbs: readonly (Verb | VerbGroup)[];
  readonly createDeps: (
    flags: Pick<GlobalFlags, "quiet" | "sandbox"> & Partial<Pick<GlobalFlags, "json">>,
  ) => Promise<Deps>;
}
