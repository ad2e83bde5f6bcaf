import { CommandError } from "../errors/command-error.ts";
import { mayForbid, type HookName } from "./hook.ts";

/** Why an existing hook cannot be started. */
export type HookProblem =
  | { readonly kind: "broken-link"; readonly target: string }
  | { readonly kind: "not-seen"; readonly cause: unknown }
  | { readonly kind: "not-a-file" }
  | { readonly kind: "not-executable" }
  /** `interpreter` is the one in the file's first line; null when there is none. */
  | { readonly kind: "not-started"; readonly interpreter: string | null; readonly cause: unknown };

/** Exit code 1. */
export function problemError(name: HookName, file: string, problem: HookProblem): CommandError {
  const facts = { where: file };
  const leave = "or continue without hooks: --skip-hooks";
  switch (problem.kind) {
    case "broken-link":
      return new CommandError(
        `The hook ${name} is a link to ${quote(problem.target)}, which does not exist.`,
        { ...facts, next: `fix the link, ${leave}` },
      );
    case "not-seen":
      return new CommandError(`Cannot find out whether there is a hook ${name}.`, {
        ...facts,
        cause: problem.cause,
        next: `give yourself permission to read its folder, ${leave}`,
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

/** Exit code 1; `lines` are the last lines that the hook printed. */
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
      ...(forbids ? { next: "fix what it reports, or continue without hooks: --skip-hooks" } : {}),
    },
  );
}

/** The error as one line, for a hook that can no longer stop anything. */
export function warningText(error: CommandError): string {
  const sentence = error.message.replace(/^The/, "the").replace(/\.$/, "");
  const more = error.detail.at(-1) ?? error.why ?? error.next;
  return more === undefined ? sentence : `${sentence}: ${more}`;
}

function whyNotStarted(
  interpreter: string | null,
  cause: unknown,
): { readonly why: string; readonly next: string; readonly cause: unknown } {
  const next =
    "fix the file's first line, such as #!/bin/sh, or continue without hooks: --skip-hooks";
  if (interpreter?.endsWith("\r") === true) {
    const why =
      "it has Windows line ends, and the carriage return counts as part of the interpreter's name";
    return {
      why,
      next: "save it with Unix line ends, or continue without hooks: --skip-hooks",
      cause,
    };
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
