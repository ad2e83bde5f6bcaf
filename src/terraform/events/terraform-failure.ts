import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { InterruptedError } from "../../errors/interrupted-error.ts";
import type { StopSignal } from "../../errors/interrupted-error.ts";
import { parseAwsError } from "../../errors/aws-error.ts";
import type { Cause } from "../../errors/cause.ts";
import { causeOf } from "../../errors/known-causes.ts";
import type { Diagnostic } from "./terraform-events.ts";
import { operationName } from "../state/lock-info.ts";
import type { LockInfo } from "../state/lock-info.ts";
import type { StateHolder } from "../run/run-record.ts";

/** What is known about a failed command, including its diagnostics. */
export interface Failure {
  /** Such as `terraform apply`. */
  readonly command: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: number;
  /** Its other output, such as the trace of a crash. */
  readonly said: readonly string[];
  /** The file with its log; undefined when it wrote none. */
  readonly log?: string | undefined;
}

/**
 * The error for the user: what failed and where, AWS's message with the request id, and a next step. Other errors
 * follow as detail. `lost` are resources that a killed terraform created and did not save.
 */
export function failureOf(failure: Failure, lost: readonly string[] = []): CommandError {
  const errors = significantErrors(failure.diagnostics);
  // An unsaved state matters more than the errors before it. Terraform reports it in two diagnostics: why, and
  // where the state is now.
  const unsaved = errors.filter(isUnsavedState);
  const [first, ...others] = [
    ...unsaved.slice(0, 1),
    ...errors.filter((error) => !isUnsavedState(error)),
  ];
  if (first === undefined) return unexplained(failure, lost);
  const text = (unsaved.length > 0 ? unsaved : [first])
    .map(({ summary, detail }) => `${summary}\n${detail}`)
    .join("\n");
  const aws = parseAwsError(text);
  const cause = causeOf(text, aws);
  const where = [first.address, first.position === undefined ? undefined : `(${first.position})`]
    .filter((part) => part !== undefined)
    .join(" ");
  const said = firstSentence(first.summary);
  const why = explain(first, aws?.requestId ?? "");
  const next = nextOf(cause, unsaved, others, aws !== undefined);
  return new CommandError(cause?.message ?? `${failure.command}: ${said}`, {
    ...(where === "" ? {} : { where }),
    ...(cause === undefined && why === said ? {} : { why }),
    ...(next === undefined ? {} : { next }),
    detail: listOthers(others),
  });
}

/**
 * Of an unsaved state, the reason is in another of the errors, or in its own detail: until that is gone, no run can save it. The SDK may only say
 * there that its retries are used up; then the reason is what made all other calls fail.
 */
function nextOf(
  cause: Cause | undefined,
  unsaved: readonly Diagnostic[],
  others: readonly Diagnostic[],
  isOfAws: boolean,
): string | undefined {
  const [behind] =
    unsaved.length === 0
      ? []
      : [...causesOf(unsaved), ...causesOf(others).filter((one) => one.isGeneral === true)];
  if (cause === undefined) return isOfAws ? unknownNext : undefined;
  return behind === undefined || behind.next === cause.next
    ? cause.next
    : `${behind.message}. ${behind.next} ${cause.next.replace(/^.*?\. (?=It saves)/, "")}`;
}

function causesOf(diagnostics: readonly Diagnostic[]): readonly Cause[] {
  return diagnostics.flatMap(({ summary, detail }) => {
    const text = `${summary}\n${detail}`.replaceAll("errored.tfstate", "");
    return causeOf(text, parseAwsError(text)) ?? [];
  });
}

/** The error for a command that a signal stopped. It says what happened to the state and the lock. */
export function stoppedError(failure: Failure, signal: StopSignal): InterruptedError {
  const { command, exitCode, diagnostics } = failure;
  const problems = significantErrors(diagnostics).filter(
    (error) => isUnsavedState(error) || leavesLock({ diagnostics: [error] }),
  );
  const [first] = problems;
  if (first !== undefined) {
    return new InterruptedError(signal, `${command} was stopped and could not save its state`, {
      why: explain(first, ""),
      next: "Run the same command again: it saves errored.tfstate first. Do not delete that file.",
      detail: listOthers(problems.slice(1)),
    });
  }
  if (exitCode > 128 && exitCode !== killedBySigint) {
    return new InterruptedError(signal, `${command} was killed while it was stopping`, {
      why: killedWhy,
      next: killedNext,
    });
  }
  return new InterruptedError(signal, `${command} was stopped: ${stoppedState(failure)}`, {
    next: "Run the same command again to continue.",
  });
}

/** The error for a command that was stopped because its keys had ended. `renewal`: the command that gives new ones. */
export function keysEndedError(failure: Failure, renewal: string): CommandError {
  const isUnsaved = significantErrors(failure.diagnostics).some(isUnsavedState);
  return new CommandError(`The AWS credentials have expired while ${failure.command} worked.`, {
    why: `it would have repeated its calls for up to half an hour, so it was stopped${isUnsaved ? "; its state is in errored.tfstate, which the next run saves" : ""}`,
    next: `${renewal}; then run the same command again`,
  });
}

/** The state is locked. `lost` is what its dead holder created and did not save. */
export class StateLockedError extends CommandError {
  /** To be removed without a doubt: its holder no longer exists. */
  readonly deadLock: string | undefined;

  constructor(lock: LockInfo, { holder, isDead, next }: StateHolder, lost: readonly string[] = []) {
    const since = lock.created === "" ? "" : ` since ${lock.created}`;
    super(`The stack's state is locked by ${lock.who || "another run"}${since}`, {
      exitCode: exitCodes.locked,
      why: `${operationName(lock.operation)}, lock ${lock.id}; ${holder}`,
      next,
      detail: listLost(lost),
    });
    this.deadLock = isDead ? lock.id : undefined;
  }
}

/** Whether the command has left its lock, because its release failed. */
export function leavesLock({ diagnostics }: Pick<Failure, "diagnostics">): boolean {
  return diagnostics.some(({ summary }) => /releasing the state lock/i.test(summary));
}

function unexplained(
  { command, exitCode, log, said }: Failure,
  lost: readonly string[],
): CommandError {
  const detail = [...said.slice(-lastLines), ...listLost(lost)];
  return exitCode > 128
    ? new CommandError(`${command} was killed by signal ${exitCode - 128}`, {
        why: killedWhy,
        next: killedNext,
        detail,
      })
    : new CommandError(`${command} gave no reason`, {
        why: `exit code ${exitCode}`,
        next:
          log === undefined
            ? "Run the same command again with TF_LOG=debug. It names the file with Terraform's log when it fails."
            : `read Terraform's log: ${log}`,
        detail,
      });
}

function stoppedState({ command, exitCode }: Failure): string {
  if (exitCode === 0) return "it had just finished";
  // The signal only kills it before it has installed its handler.
  if (exitCode === killedBySigint) return "it had not begun";
  return command.endsWith(" apply")
    ? "it finished what was in flight, saved its state and released its lock"
    : "nothing was changed";
}

function listLost(lost: readonly string[]): readonly string[] {
  return lost.length === 0
    ? []
    : ["created in AWS, but not in the state (delete or terraform import):", ...lost];
}

/** The errors to report: each once, without the ones that terraform repeats for every resource it skipped. */
export function significantErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ severity, summary, detail, address }) => {
    const key = JSON.stringify([summary, detail, address]);
    if (severity !== "error" || echoes.has(summary) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isUnsavedState({ summary, detail }: Diagnostic): boolean {
  return (
    detail.includes("errored.tfstate") || /failed to (save|persist|write) state/i.test(summary)
  );
}

/**
 * Terraform's message: what it was doing and what AWS answered, with the request id for AWS Support.
 */
function explain(diagnostic: Diagnostic, requestId: string): string {
  const [, ...restOfSummary] = diagnostic.summary.split("\n");
  const words =
    [...restOfSummary, diagnostic.detail].join(" ").replaceAll(/\s+/g, " ").trim() ||
    firstSentence(diagnostic.summary);
  return requestId === "" || words.includes(requestId)
    ? words
    : `${words} (request id ${requestId})`;
}

function listOthers(others: readonly Diagnostic[]): readonly string[] {
  const lines = others
    .slice(0, listedAtMost)
    .map(
      ({ address, summary }) =>
        `also ${address === undefined ? "" : `${address}: `}${firstSentence(summary)}`,
    );
  return others.length > listedAtMost
    ? [...lines, `and ${others.length - listedAtMost} more`]
    : lines;
}

function firstSentence(text: string): string {
  return text.split("\n")[0] ?? "";
}

const echoes: ReadonlySet<string> = new Set(["execution halted"]);
const killedBySigint = 130;
const killedWhy =
  "it may have left the state locked and without the last resources that it created";
const killedNext = "Run the same command again: it says who holds the lock and what to do.";
const unknownNext =
  "Correct what AWS names here, then run the same command again: it continues from where this one ended.";
const listedAtMost = 8;
const lastLines = 20;
