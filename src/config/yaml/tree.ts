import { LineCounter, parseDocument } from "yaml";
import { formatPath, type Path, type Problem } from "../checks/problem.ts";
import { readNode, spotKey, type Reader, type Spot } from "./nodes.ts";
import { explainSyntax, levelsAllowed } from "./syntax.ts";

/** The plain value of a YAML text, and the place of each of its parts. */
export interface Tree {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** False when the text is not valid YAML, so that `value` is meaningless. */
  readonly whole: boolean;
  /** The place of the value at `path`, or of the key of its nearest parent in the text. */
  readonly locate: (path: Path, part?: "key" | "value") => Place;
  /** A scalar as written, such as 08080; undefined for anything else. */
  readonly sourceOf: (path: Path) => string | undefined;
  readonly has: (path: Path) => boolean;
}

/** Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TreeOptions {
  readonly file: string;
  /** Whether a number or boolean stays the text that was written: 1.10 is not 1.1. */
  readonly isVerbatim: (path: Path) => boolean;
}

/**
 * Reads one YAML 1.2 document of maps, lists and scalars. Never throws.
 * Aliases, tags, merge keys and directives are refused: with them a few bytes can mean more than they show.
 */
export function readYaml(text: string, { file, isVerbatim }: TreeOptions): Tree {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const repeated = new Map<string, { readonly first: Problem; others: number }>();
  const problemAt: (...report: Parameters<Reader["report"]>) => Problem = (
    offset,
    path,
    found,
    allowed,
    suggestion,
  ) => ({
    file,
    ...placeOf(lines, offset),
    path: formatPath(path),
    found,
    allowed,
    suggestion: suggestion ?? null,
  });
  const reader: Reader = {
    isVerbatim,
    lineOf: (offset) => placeOf(lines, offset).line,
    spots: new Map(),
    report: (...report) => {
      problems.push(problemAt(...report));
    },
    reportOnce: (...report) => {
      const [, , , allowed] = report;
      const known = repeated.get(allowed);
      if (known === undefined) repeated.set(allowed, { first: problemAt(...report), others: 0 });
      else known.others += 1;
    },
  };
  const document = parseText(text, lines);
  if (document === null) {
    reader.report(0, [], "lists or maps nested too deeply", levelsAllowed);
  } else if (document.errors.length > 0) {
    // After a syntax error the rest of the text would be a guess, so it is not checked.
    for (const { offset, found, allowed } of explainSyntax(text, document.errors, lines)) {
      reader.report(offset, [], found, allowed);
    }
  } else {
    if (document.directives?.yaml.explicit === true) {
      reader.report(0, [], "a %YAML directive", "none; the file is read as YAML 1.2");
    }
    const value = readNode(reader, document.contents, []);
    for (const { first, others } of repeated.values()) {
      problems.push(
        others === 0 ? first : { ...first, found: `${first.found} and ${others} more like it` },
      );
    }
    return { value, problems, whole: true, ...lookUp(reader.spots, lines) };
  }
  return { value: undefined, problems, whole: false, ...lookUp(reader.spots, lines) };
}

function parseText(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      merge: false,
      schema: "core",
      version: "1.2",
      resolveKnownTags: false,
      logLevel: "error",
      // The parser's own check compares each key with every other, which takes minutes at 256 KB.
      uniqueKeys: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function lookUp(
  spots: ReadonlyMap<string, Spot>,
  lines: LineCounter,
): Pick<Tree, "locate" | "sourceOf" | "has"> {
  const spotOf = (path: Path) => spots.get(spotKey(path));
  return {
    has: (path) => spotOf(path) !== undefined,
    sourceOf: (path) => spotOf(path)?.source,
    locate: (path, part = "value") => {
      const own = spotOf(path);
      if (own !== undefined) return placeOf(lines, part === "key" ? own.key : own.value);
      // A parent's value begins with its first key, which is unrelated to the missing one.
      const parents = path.map((_, index) => spotOf(path.slice(0, path.length - 1 - index)));
      return placeOf(lines, parents.find((spot) => spot !== undefined)?.key ?? 0);
    },
  };
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
