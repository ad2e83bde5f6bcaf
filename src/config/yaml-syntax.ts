import type { LineCounter, YAMLError } from "yaml";
import { escapeControls, quote } from "./problem.ts";

export interface SyntaxProblem {
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
}

/** The first mistake of each line: the ones behind it on the same line follow from it. */
export function explainSyntax(
  text: string,
  errors: readonly YAMLError[],
  lines: LineCounter,
): readonly SyntaxProblem[] {
  const byLine = new Map<number, SyntaxProblem>();
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0]);
    if (!byLine.has(line)) byLine.set(line, explain(text, error));
  }
  return [...byLine.values()];
}

export const mostLevels = 16;
export const levelsAllowed = `at most ${mostLevels} levels`;

function explain(text: string, error: YAMLError): SyntaxProblem {
  const offset = error.pos[0];
  const rest = text
    .slice(offset, offset + 200)
    .split(/\r?\n/, 1)
    .join("")
    .trim();
  const excerpt = rest === "" ? "the end of the line" : quote(rest);
  const sentence = sentences[error.code];
  return {
    offset,
    found: sentence?.found ?? excerpt,
    allowed: sentence?.allowed ?? `YAML; its reader says: ${escapeControls(error.message)}`,
  };
}

/** Where the reader's own sentence is hard to follow. */
const sentences: Partial<Record<YAMLError["code"], { found?: string; allowed: string }>> = {
  TAB_AS_INDENT: { found: "a tab", allowed: "spaces for indentation" },
  MULTIPLE_DOCS: { found: "a second document", allowed: "one document in the file" },
  BAD_SCALAR_START: { allowed: "text in quotes when it begins with @, ` or %" },
  BLOCK_AS_IMPLICIT_KEY: { allowed: 'one key in a line; text that holds ": " in quotes' },
  MULTILINE_IMPLICIT_KEY: { allowed: "a key, a colon and a value in one line" },
  RESOURCE_EXHAUSTION: {
    found: "lists or maps without end inside each other",
    allowed: levelsAllowed,
  },
};
