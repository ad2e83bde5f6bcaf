/** By phrase, a regular expression without anchors: what to write instead. */
export type Words = Readonly<Record<string, string>>;

export interface Hit {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly write: string;
}

/** Finds the phrases in any case, as whole words, and across line ends. */
export function findWords(words: Words, prose: string): readonly Hit[] {
  return Object.entries(words)
    .flatMap(([phrase, write]) =>
      Array.from(prose.matchAll(patternOf(phrase)), ({ index, 0: found }) => ({
        index,
        line: prose.slice(0, index).split("\n").length,
        found: found.replace(/\s+/g, " "),
        write,
      })),
    )
    .toSorted((a, b) => a.index - b.index)
    .map(({ line, found, write }) => ({ line, found, write }));
}

function patternOf(phrase: string): RegExp {
  // A slash, a dot or a hyphen next to it makes it part of a path, an option or another word.
  return new RegExp(`(?<![\\w./@-])(?:${phrase.replaceAll(" ", "\\s+")})(?![\\w-])`, "giu");
}
