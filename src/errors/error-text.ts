import { CommandError } from "./command-error.ts";
import { awsRequestId, explainAwsFailure } from "./describe.ts";

/**
 * What a person reads when a verb fails: what, where, why, the last lines that belong to it, what to do next.
 * The stack comes only with `debug`; an error of AWS that is known says what it
 * means, and any other one says that it is not.
 */
export function errorText(error: unknown, debug: boolean): string {
  const lines: string[] = [];
  if (error instanceof CommandError) {
    lines.push(`✖ ${error.message}`);
    lines.push(...error.detail.map((line) => `    ${line}`));
    if (error.where !== undefined) {
      lines.push(`  where: ${error.where}`);
    }
    const why = error.why ?? causeText(error.cause);
    if (why !== undefined && why !== "") {
      lines.push(`  why:   ${why}`);
    }
    if (error.next !== undefined) {
      lines.push(`  next:  ${error.next}`);
    }
  } else {
    lines.push(...(awsLines(error) ?? unknownLines(error)));
  }
  if (debug && error instanceof Error) {
    lines.push(error.stack ?? "");
    if (error.cause instanceof Error) {
      lines.push(`caused by: ${error.cause.stack ?? error.cause.message}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function causeText(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) {
    return undefined;
  }
  const id = awsRequestId(cause);
  // The name of an error of ours says nothing to a person.
  const name = cause.name === "Error" || cause instanceof CommandError ? "" : `${cause.name}: `;
  return `${name}${cause.message}${id === undefined ? "" : ` (AWS request ${id})`}`;
}

function awsLines(error: unknown): readonly string[] | undefined {
  const failure = explainAwsFailure(error);
  return failure === undefined
    ? undefined
    : [`✖ ${failure.message}`, `  why:   ${failure.why}`, `  next:  ${failure.next}`];
}

function unknownLines(error: unknown): readonly string[] {
  const id = awsRequestId(error);
  return [
    `✖ ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    ...(id === undefined ? [] : [`  where: AWS request ${id}`]),
    "  next:  this is not an error that infer-deploy knows; run again with --debug for the stack trace",
  ];
}
