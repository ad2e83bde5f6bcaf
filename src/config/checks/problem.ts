import { escapeControls } from "../../errors/safe-text.ts";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** The file as the user named it, or the flag or environment variable that the value came from. */
  readonly file: string;
  /** From 1; null when the value is not from a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** Keys joined with dots; empty for the whole file. */
  readonly path: string;
  readonly found: string;
  /** What the value may be, as a phrase after the word "allowed". */
  readonly allowed: string;
  readonly suggestion: string | null;
}

export type Path = readonly (string | number)[];

/** Values that are each valid, but not together. */
export interface Contradiction {
  /** Every key that is involved; the suggestion is for the first. */
  readonly paths: readonly [Path, ...Path[]];
  readonly found: string;
  readonly allowed: string;
  readonly suggestion?: string;
}

/** One line a problem, in the order of the file, at most 50 of them. */
export function formatProblems(problems: readonly Problem[]): readonly string[] {
  const lines = problems.toSorted(byPosition).map(formatProblem);
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `and ${rest} more`] : lines;
}

export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = /^[\w-]{1,64}$/.test(part) ? part : quote(part);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** The value as the file has it, short enough for one line and safe on a terminal. */
export function describeFound(value: unknown, source?: string): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") {
    return shorten(source ?? String(value));
  }
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : "a map";
}

export function quote(text: string): string {
  return escapeControls(JSON.stringify(shorten(text)));
}

export function formatProblem(problem: Problem): string {
  const { path, found, allowed, suggestion } = problem;
  const place = formatPlace(problem);
  const subject = path === "" ? "" : `${path}: `;
  const hint = suggestion === null ? "" : ` (did you mean ${suggestion}?)`;
  return `${place}  ${subject}found ${found}, allowed ${allowed}${hint}`;
}

export function formatPlace({
  file,
  line,
  column,
}: Pick<Problem, "file" | "line" | "column">): string {
  return line === null ? file : `${file}:${line}:${column ?? 1}`;
}

function byPosition(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function shorten(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text;
}

const mostLines = 50;
const mostCharacters = 60;
