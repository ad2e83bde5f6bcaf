import { stripVTControlCharacters } from "node:util";
import { runProgram } from "../../src/cli/program.ts";
import { verbs } from "../../src/cli/verbs.ts";
import type { Verb, VerbGroup } from "../../src/commands/kinds/verb.ts";
import { readOptions } from "../../src/options/read-options.ts";

/** A command of this tool in a text for people. */
export interface PrintedCommand {
  /** The words after the program's name, as a shell would pass them. */
  readonly words: readonly string[];
  readonly line: string;
  /** In backticks: the command of another run, which is quoted as it is. */
  readonly isQuoted: boolean;
}

export interface ParsedCommand {
  /** Such as `lock release`. */
  readonly name: string;
  readonly typed: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  readonly verb: Verb;
}

/**
 * The commands in a text. A command ends where its sentence continues: at the first word that is neither a flag, nor the value of one, nor
 * written as only an operand is, such as `v2`.
 */
export function printedCommands(text: string): readonly PrintedCommand[] {
  return text.split(/\r?\n/).flatMap((line) =>
    [...line.matchAll(/(?<![\w/.=-])infer-deploy (?=[a-z])/g)].flatMap(({ 0: start, index }) => {
      const words = commandAt(line.slice(index + start.length));
      return words === undefined ? [] : [{ words, line, isQuoted: line[index - 1] === "`" }];
    }),
  );
}

/**
 * The commands that the lines `next:` of an error name. A word in capitals, such as VERSION, stands for a value that only a person knows, so
 * a command with one is left out.
 */
export function nextCommands({ stderr, stdout }: Printed): readonly PrintedCommand[] {
  const lines = stripVTControlCharacters(`${stderr}\n${stdout}`).split(/\r?\n/);
  return printedCommands(lines.filter((line) => /^\s+next:? /.test(line)).join("\n")).filter(
    ({ words, isQuoted }) => !isQuoted && !words.some((word) => /^[A-Z]{2,}$/.test(word)),
  );
}

/** The first command of those that changes something. */
export function repairCommand(printed: Printed): readonly string[] | undefined {
  return nextCommands(printed).find(({ words }) => !looksOnly(words))?.words;
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether it only shows something, and ends. */
export function looksOnly(words: readonly string[]): boolean {
  return looking.test(words.join(" ")) && !words.includes("--watch");
}

const looking =
  /^(status|logs|plan|releases|doctor|lock status|secrets list|sandbox status|sandbox weather)(?= --|$)/;

/** As the program itself reads the words; it runs nothing. Throws with the program's own complaint. */
export async function parseCommand(words: readonly string[]): Promise<ParsedCommand | undefined> {
  let parsed: ParsedCommand | undefined;
  let complaint = "";
  const harmless = (verb: Verb, group = ""): Verb => ({
    ...verb,
    run: async (start) => {
      readOptions(verb.options, start);
      parsed = { ...start, name: `${group}${verb.name}`, verb };
      return Promise.resolve(0);
    },
  });
  const all = verbs.map((verb) =>
    "verbs" in verb
      ? { ...verb, verbs: verb.verbs.map((one) => harmless(one, `${verb.name} `)) }
      : harmless(verb),
  );
  try {
    await runProgram(["node", "infer-deploy", ...words], {
      version: "",
      verbs: all,
      start: {
        env: {},
        cwd: "/",
        onExit: () => undefined,
        out: () => undefined,
        createDeps: async () => Promise.reject(new Error("a command was run")),
      },
      complain: (text) => (complaint += text),
    });
  } catch (error) {
    // --help is an answer, too.
    if ((error as { readonly exitCode?: number }).exitCode === 0) return undefined;
    const why = complaint || String(error);
    throw new Error(`\`infer-deploy ${words.join(" ")}\` does not work:\n${why}`, { cause: error });
  }
  return parsed;
}

function commandAt(text: string): readonly string[] | undefined {
  // A redirection is the shell's.
  const [quoted = ""] = text.split(/`| <(?=\w)/);
  const left = [...quoted.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) => readWord(word));
  let word = left.shift();
  let found: Verb | VerbGroup | undefined = find(verbs, word);
  if (word === undefined || found === undefined) return undefined;
  const words = [word.text];
  if ("verbs" in found) {
    word = left.shift() ?? { text: "", isLast: true };
    words.push(word.text);
    found = find(found.verbs, word);
  }
  // After -- comes another program's command, to its end.
  while (
    !word.isLast &&
    left[0] !== undefined &&
    (words.includes("--") || belongs(left[0].text, found))
  ) {
    word = left.shift() ?? word;
    words.push(word.text);
    const [value] = left;
    if (word.isLast || !takesValue(word.text, found) || value?.text.startsWith("-")) continue;
    word = left.shift() ?? word;
    if (value !== undefined) words.push(value.text);
  }
  return words;
}

/** Whether it is a flag, or cannot be a word of the sentence. */
function belongs(word: string, verb: Verb | undefined): boolean {
  return (
    word.startsWith("-") ||
    !/^\(|^[a-z][a-z'-]*$/.test(word) ||
    verb?.operand?.choices.includes(word) === true
  );
}

function takesValue(word: string, verb: Verb | undefined): boolean {
  const option = Object.values(verb?.options ?? {}).find(
    ({ flag, short }) => flag === word || short === word,
  );
  return option?.value !== undefined;
}

interface Word {
  readonly text: string;
  /** A comma, a full stop or the like follows. */
  readonly isLast: boolean;
}

function readWord(raw: string): Word {
  const bare = raw.replace(/(?<=.)[;,.:)?]+$/, "");
  const text = bare.replaceAll(/'([^']*)'|\\'/g, (_, inner: string | undefined) => inner ?? "'");
  return { text, isLast: bare !== raw };
}

function find<T extends Verb | VerbGroup>(all: readonly T[], word: Word | undefined) {
  return all.find(({ name }) => name === word?.text);
}
