import { basename, extname } from "node:path";
import { parseSync, Visitor } from "rolldown/utils";

/** Where a file speaks to a person. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: Kind;
}

export type Kind = "comment" | "string" | "prose";

export type Reader = (text: string, path: string) => readonly Span[];

/** Null for a kind of file that holds no sentences, such as JSON. */
export function readerOf(path: string, text: string): Reader | null {
  const name = basename(path);
  if (/(^|\.)Dockerfile$/.test(name)) return readHashed;
  const byExtension = readers.get(extname(name));
  if (byExtension !== undefined) return byExtension;
  const program = /^#!.*\b(bash|sh|python3|perl|node)\b/.exec(text)?.[1];
  return program === undefined ? null : (readersByProgram.get(program) ?? readHashed);
}

const readScript: Reader = (text, path) => {
  const { program, comments, errors } = parseSync(path, text, {
    lang: path.endsWith(".ts") ? "ts" : "js",
  });
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const spans: Span[] = comments.map(({ start, end }) => ({ start, end, kind: "comment" }));
  new Visitor({
    Literal: ({ value, start, end }) => {
      if (typeof value === "string") spans.push({ start: start + 1, end: end - 1, kind: "string" });
    },
    TemplateElement: ({ start, end }) => {
      spans.push({ start, end, kind: "string" });
    },
  }).visit(program);
  return spans;
};

const readMarkdown: Reader = (text) => {
  const spans: Span[] = [];
  let start = 0;
  for (const code of text.matchAll(
    /^( *)(```+|~~~+)[^]*?(?:^\1\2|$(?![^]))|`[^`]+`|\]\([^)\s]*\)/gm,
  )) {
    spans.push({ start, end: code.index, kind: "prose" });
    start = code.index + code[0].length;
  }
  return [...spans, { start, end: text.length, kind: "prose" }];
};

/** A reader by one regular expression. Its named groups are what it found, and what has no group is code. */
function byPattern(pattern: RegExp): Reader {
  return (text) =>
    Array.from(text.matchAll(pattern), ({ index, 0: { length }, groups }) => ({
      start: index,
      end: index + length,
      kind: groups?.["comment"] === undefined ? "string" : "comment",
    }));
}

const readPython = byPattern(
  /(?<comment>#.*)|"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
);

const readTerraform = byPattern(
  /(?<comment>#.*|\/\/.*|\/\*[^]*?\*\/)|"(?:\\.|\$\{[^}]*\}|[^"\\\n])*"|<<[-~]?(?<end>\w+)\n[^]*?\n[ \t]*\k<end>\b/g,
);

const readLua = byPattern(/(?<comment>--.*)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g);

/** Shell, and what looks like it: YAML, Dockerfiles, TOML, systemd's units. */
const readHashed = byPattern(
  /(?<comment>(?<![^\s])#.*)|<<[-~]?\s*(["']?)(?<end>\w+)\2.*\n[^]*?^[ \t]*\k<end>$|(?<![\w\\])"(?:\\.|[^"\\])*"|(?<![\w\\])'[^']*'/gm,
);

const readers: ReadonlyMap<string, Reader> = new Map([
  ...[".ts", ".js"].map((extension) => [extension, readScript] as const),
  ...[".tf", ".hcl"].map((extension) => [extension, readTerraform] as const),
  ...[".sh", ".pl", ".yml", ".yaml", ".toml", ".cfg", ".service"].map(
    (extension) => [extension, readHashed] as const,
  ),
  [".py", readPython],
  [".lua", readLua],
  [".md", readMarkdown],
]);

const readersByProgram: ReadonlyMap<string, Reader> = new Map([
  ["python3", readPython],
  ["node", readScript],
]);
