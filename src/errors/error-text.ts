import { CommandError } from "./command-error.ts";
import { describe } from "./describe.ts";
import { completeCommands } from "./printed-commands.ts";

/**
 * What a person reads when a verb fails: what went wrong, its last lines, where, why, and what to do next.
 * `typed`: the command line after the program; the commands of the next step are completed with it. The stack trace comes only with `debug`. An unknown error says that it is unknown.
 */
export function errorText(error: unknown, debug: boolean, typed: readonly string[] = []): string {
  const { message, where, why, next = unknownNext } = describe(error);
  const detail = error instanceof CommandError ? error.detail : [];
  const isOurs = error instanceof CommandError;
  const lines = [
    `✖ ${message}`,
    ...detail.map((line) => `    ${isNext.test(line) ? completeCommands(line, typed) : line}`),
    ...(where === undefined ? [] : [`  where: ${where}`]),
    ...(why === undefined ? [] : [`  why:   ${why}`]),
    ...(isOurs && next === unknownNext ? [] : [`  next:  ${completeCommands(next, typed)}`]),
  ];
  if (debug && error instanceof Error) {
    lines.push(error.stack ?? "");
    if (error.cause instanceof Error) {
      lines.push(`caused by: ${error.cause.stack ?? error.cause.message}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Where one error has several reasons. Other lines of the detail are quotations. */
const isNext = /^ {2}next: /;

const unknownNext =
  "infer-deploy does not know this error; run again with --debug for the stack trace";
