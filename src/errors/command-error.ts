/**
 * The process exit codes that the command line promises (docs/reference/cli.md).
 * 64 is EX_USAGE of sysexits.h; 129, 130 and 143 are 128 + the signal's number.
 */
export const exitCodes = {
  done: 0,
  failed: 1,
  changes: 2,
  rolledBack: 3,
  timedOut: 4,
  locked: 5,
  usage: 64,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface ErrorFacts {
  readonly exitCode?: ExitCode;
  /** File and line, resource address or instance id. */
  readonly where?: string;
  /** The cause in its author's words, when it is not `cause.message`. */
  readonly why?: string;
  /** A command to run, or one sentence that says what to change. */
  readonly next?: string;
  /** Lines shown verbatim below the message, such as the tail of a log. */
  readonly detail?: readonly string[];
  readonly cause?: unknown;
}

/** An error that the user can act on. `message` says in one sentence what went wrong. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  readonly where: string | undefined;
  readonly why: string | undefined;
  readonly next: string | undefined;
  readonly detail: readonly string[];

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "CommandError";
    this.exitCode = facts.exitCode ?? exitCodes.failed;
    this.where = facts.where;
    this.why = facts.why;
    this.next = facts.next;
    this.detail = facts.detail ?? [];
  }
}
