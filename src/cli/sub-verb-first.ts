import type { Verb, VerbGroup } from "../commands/kinds/verb.ts";

/**
 * The words with the sub-verb next to its group, as commander reads them: `keys --sandbox demo show` is `keys show --sandbox demo`.
 * Unchanged where the first word that is not an option, nor the value of one, is no sub-verb.
 */
export function subVerbFirst(
  words: readonly string[],
  verbs: readonly (Verb | VerbGroup)[],
): readonly string[] {
  const [name, ...rest] = words;
  const group = verbs.find((verb) => verb.name === name);
  if (group === undefined || !("verbs" in group)) return words;
  const at = firstOperand(rest, group);
  const sub = group.verbs.find((verb) => verb.name === rest[at]);
  return sub === undefined ? words : [group.name, sub.name, ...rest.toSpliced(at, 1)];
}

function firstOperand(words: readonly string[], { verbs }: VerbGroup): number {
  const withValue = new Set(
    verbs
      .flatMap((verb) => ("verbs" in verb ? [] : Object.values(verb.options)))
      .flatMap(({ flag, short, value }) => (value === undefined ? [] : [flag, short ?? flag])),
  );
  return words.findIndex(
    (word, index) => !word.startsWith("-") && !withValue.has(words[index - 1] ?? ""),
  );
}
