import { CommandError } from "../errors.ts";

/**
 * What a person reads when a verb fails: what, where, why, the last lines that belong to it, what to do next.
 * The stack comes only with `debug`; an error that is not ours says that it is a bug.
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
    lines.push(`✖ ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
    const id = requestId(error);
    if (id !== undefined) {
      lines.push(`  where: AWS request ${id}`);
    }
    lines.push(
      "  next:  this is not an error that infer-deploy knows; run again with --debug for the stack trace",
    );
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
  const id = requestId(cause);
  // The name of an error of ours says nothing to a person.
  const name = cause.name === "Error" || cause instanceof CommandError ? "" : `${cause.name}: `;
  return `${name}${cause.message}${id === undefined ? "" : ` (AWS request ${id})`}`;
}

/** AWS SDK v3 errors carry `$metadata.requestId`. */
function requestId(error: unknown): string | undefined {
  const metadata = (error as { readonly $metadata?: { readonly requestId?: string } } | null)
    ?.$metadata;
  return metadata?.requestId;
}
