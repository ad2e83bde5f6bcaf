import { readerOf, type Kind } from "./readers.ts";

/**
 * The sentences of a file: its comments and strings, or a document's prose. Offsets and white space are the file's,
 * and the rest is struck out, so that no phrase is found across it. Null for a file that holds no sentences.
 */
export function proseOf(path: string, text: string): string | null {
  const read = readerOf(path, text);
  if (read === null) return null;
  let prose = "";
  for (const { start, end, kind } of read(text, path).toSorted((a, b) => a.start - b.start)) {
    prose += strike(text.slice(prose.length, start)) + sentencesIn[kind](text.slice(start, end));
  }
  return prose + strike(text.slice(prose.length));
}

const sentencesIn: Record<Kind, (part: string) => string> = {
  prose: (part) => part,
  comment: (part) =>
    part
      .replace(/^[ \t]*(?:\/\*+|\*(?!\/)|\/\/+|#+!?|--)|\*+\/$/gm, blank)
      .replace(/`[^`]*`/g, strike),
  // Without a space it is a name: a key, a state, a path.
  string: (part) => {
    const sentence = part.replace(/\\[nrt]/g, blank);
    if (!/\S\s+\S|^\s|\s$/.test(sentence)) return strike(part);
    return sentence.replace(/`[^`]*`|\$\{[^}]*\}|\$\([^)]*\)/g, strike);
  },
};

function strike(part: string): string {
  return part.replace(/\S/g, "\0");
}

function blank(part: string): string {
  return part.replace(/\S/g, " ");
}
