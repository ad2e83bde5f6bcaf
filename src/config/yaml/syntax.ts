import type { LineCounter, YAMLError } from "yaml";
import { escapeControls } from "../../errors/safe-text.ts";
import { quote } from "../checks/problem.ts";

export interface SyntaxProblem {
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
}

/** The first mistake of each line: the later ones on the same line follow from it. */
export function explainSyntax(
  text: string,
  errors: readonly YAMLError[],
  lines: LineCounter,
): readonly SyntaxProblem[] {
  const byLine = new Map<number, SyntaxProblem>();
  for (const error of errors) {
    const problem = explainTab(text, error.pos[0]) ?? explain(text, error);
    const { line } = lines.linePos(problem.offset);
    if (!byLine.has(line)) byLine.set(line, problem);
  }
  return [...byLine.values()];
}

export const mostLevels = 16;
export const levelsAllowed = `at most ${mostLevels} levels`;

/** A tab that indents the line, or the next one when the reader reports a line's end. The reader often blames something else. */
function explainTab(text: string, offset: number): SyntaxProblem | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const isAtEnd = /^[\t \r]*(\n|$)/.test(text.slice(offset, offset + 200));
  const next = text.indexOf("\n", offset) + 1;
  for (const line of isAtEnd && next > 0 ? [start, next] : [start]) {
    const indent = /^ *\t/.exec(text.slice(line, line + 200));
    if (indent !== null) return { offset: line + indent[0].length - 1, ...tab };
  }
  return null;
}

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
    allowed:
      sentence?.allowed ?? `valid YAML; the parser reports: ${escapeControls(error.message)}`,
  };
}

const tab = { found: "a tab", allowed: "spaces for indentation" };

/** Our sentences where the parser's are hard to follow. */
const sentences: Partial<Record<YAMLError["code"], { found?: string; allowed: string }>> = {
  TAB_AS_INDENT: tab,
  MULTIPLE_DOCS: { found: "a second document", allowed: "one document in the file" },
  BAD_SCALAR_START: { allowed: "quotes around text that begins with @, ` or %" },
  BLOCK_AS_IMPLICIT_KEY: { allowed: 'one key on a line; quotes around text that contains ": "' },
  MULTILINE_IMPLICIT_KEY: { allowed: "a key, a colon and a value on one line" },
  RESOURCE_EXHAUSTION: {
    found: "lists or maps nested too deeply",
    allowed: levelsAllowed,
  },
};
