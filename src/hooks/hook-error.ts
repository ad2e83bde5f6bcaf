import { CommandError } from "../errors/command-error.ts";
import { mayForbid, type HookName } from "./hook.ts";

/** Why a hook that is there cannot be started. */
export type HookProblem =
  | { readonly kind: "broken-link"; readonly target: string }
  | { readonly kind: "not-seen"; readonly cause: unknown }
  | { readonly kind: "not-a-file" }
  | { readonly kind: "not-executable" }
  /** `interpreter` is what the file's first line names; null when it names none. */
  | { readonly kind: "not-started"; readonly interpreter: string | null; readonly cause: unknown };

/** Exit code 1. */
export function problemError(name: HookName, file: string, problem: HookProblem): CommandError {
  const facts = { where: file };
  const leave = "or go on without it: --skip-hooks";
  switch (problem.kind) {
    case "broken-link":
      return new CommandError(
        `The hook ${name} is a link to ${quote(problem.target)}, where there is nothing.`,
        { ...facts, next: `mend the link, ${leave}` },
      );
    case "not-seen":
      return new CommandError(`Nobody can tell whether there is a hook ${name}.`, {
        ...facts,
        cause: problem.cause,
        next: `give yourself the rights to look there, ${leave}`,
      });
    case "not-a-file":
      return new CommandError(`The hook ${name} is not a file.`, {
        ...facts,
        next: `put an executable there, ${leave}`,
      });
    case "not-executable":
      return new CommandError(`The hook ${name} is not executable.`, {
        ...facts,
        next: `chmod +x ${file}`,
      });
    case "not-started":
      return new CommandError(`The hook ${name} cannot be started.`, {
        ...facts,
        ...whyNotStarted(problem.interpreter, problem.cause),
      });
  }
}

/** Exit code 1; `lines` are the last that the hook printed. */
export function refusalError(
  name: HookName,
  file: string,
  exitCode: number,
  lines: readonly string[],
): CommandError {
  const forbids = mayForbid(name);
  return new CommandError(
    `The hook ${name} ${forbids ? "said no" : "failed"} (exit code ${exitCode}).`,
    {
      where: file,
      detail: lines,
      ...(forbids ? { next: "mend what it complains of; --skip-hooks goes on without it" } : {}),
    },
  );
}

/** The same as one line, for a hook that cannot stop anything any more. */
export function warningText(error: CommandError): string {
  const sentence = error.message.replace(/^The/, "the").replace(/\.$/, "");
  const more = error.detail.at(-1) ?? error.why ?? error.next;
  return more === undefined ? sentence : `${sentence}: ${more}`;
}

function whyNotStarted(
  interpreter: string | null,
  cause: unknown,
): { readonly why: string; readonly next: string; readonly cause: unknown } {
  const next = "mend the file's first line, such as #!/bin/sh; --skip-hooks goes on without it";
  if (interpreter?.endsWith("\r") === true) {
    const why =
      "its lines end as on Windows, and the carriage return counts as part of the interpreter's name";
    return { why, next: "save it with Unix line ends; --skip-hooks goes on without it", cause };
  }
  if (interpreter !== null) {
    return {
      why: `its first line names ${quote(interpreter)}, which does not run here`,
      next,
      cause,
    };
  }
  return { why: cause instanceof Error ? cause.message : String(cause), next, cause };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
