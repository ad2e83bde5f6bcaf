import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "./terraform-events.ts";

/**
 * Reads the errors of the commands without machine-readable output (`state push`, `output`, `show`). They
 * are boxed and wrapped for a terminal: the box goes, wrapped lines are joined, the "Lock Info" block keeps its
 * lines.
 */
export function parseTextDiagnostics(text: string): readonly Diagnostic[] {
  const plain = stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.replace(/^[╷│╵]\s?/u, "").trimEnd())
    .join("\n")
    .trim();
  if (plain === "") return [];
  const blocks = plain.split(/^Error: /m);
  const errors = blocks.length > 1 ? blocks.slice(1) : blocks;
  return errors.map((block) => {
    const [summary = "", ...rest] = block.trim().split("\n");
    return { severity: "error", summary, detail: unwrap(rest.join("\n").trim()) };
  });
}

function unwrap(text: string): string {
  const lockInfo = text.indexOf("Lock Info:");
  const wrapped = lockInfo === -1 ? text : text.slice(0, lockInfo);
  const joined = wrapped
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " "))
    .join("\n\n");
  return lockInfo === -1 ? joined : `${joined}\n${text.slice(lockInfo)}`;
}
