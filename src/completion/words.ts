import { declare, type Shape } from "../options/option.ts";

/** What may come after `infer-deploy`, as far as a shell completes it. */
export type Word = VerbWord | GroupWord;

interface VerbWord {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Shape>>;
  readonly operand?: OperandWord;
}

interface OperandWord {
  readonly name: string;
  readonly choices: readonly string[];
}

interface GroupWord {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly VerbWord[];
}

/** A verb with the words that lead to it, such as `lock status`. */
export interface Path {
  readonly words: readonly string[];
  readonly options: readonly Shape[];
  readonly operand: OperandWord | undefined;
}

export function pathsOf(words: readonly Word[]): readonly Path[] {
  return words.flatMap((word) =>
    "verbs" in word
      ? word.verbs.map((verb) => pathOf([word.name, verb.name], verb))
      : [pathOf([word.name], word)],
  );
}

export function groupsOf(words: readonly Word[]): readonly GroupWord[] {
  return words.filter((word) => "verbs" in word);
}

/** Flags of the program itself. */
export const programOptions: readonly Shape[] = [
  declare("-h, --help", "shows help"),
  declare("-V, --version", "prints the program's version"),
];

function pathOf(words: readonly string[], verb: VerbWord): Path {
  const { options, operand } = verb;
  return { words, options: [...Object.values(options), ...programOptions.slice(0, 1)], operand };
}
