/** The holder of the state's lock, as terraform reports it. It names no process: `who` is `user@host`. */
export interface LockInfo {
  readonly id: string;
  /** Such as `OperationTypeApply`. */
  readonly operation: string;
  readonly who: string;
  /** ISO 8601, UTC, to the second; empty when it cannot be read. */
  readonly created: string;
}

/** Finds the "Lock Info" block in terraform's output; undefined when the text is not about a held lock. */
export function parseLockInfo(text: string): LockInfo | undefined {
  const start = text.indexOf("Lock Info:");
  if (start === -1) return undefined;
  const field = (name: string): string =>
    new RegExp(`^[ \\t]*${name}:[ \\t]*(.*)$`, "m").exec(text.slice(start))?.[1]?.trim() ?? "";
  const id = field("ID");
  if (id === "") return undefined;
  // Go prints a time as `2026-11-23 14:56:52.16995178 +0000 UTC`.
  const time = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})/.exec(field("Created"));
  return {
    id,
    operation: field("Operation"),
    who: field("Who"),
    created: time === null ? "" : `${time[1]}T${time[2]}Z`,
  };
}

/** The name of an operation: `OperationTypeApply` is an apply. */
export function operationName(operation: string): string {
  return operation.replace(/^OperationType/, "").toLowerCase() || "run";
}
