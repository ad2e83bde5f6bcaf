import { Command, Option as CommanderOption } from "commander";
import type { Start, Verb, VerbGroup } from "../commands/kinds/verb.ts";
import type { Option } from "../options/option.ts";
import { subVerbFirst } from "./sub-verb-first.ts";
import { verbs as allVerbs } from "./verbs.ts";

/** What the program works with. */
export interface Program {
  readonly version: string;
  /** For tests: others than the program's own. */
  readonly verbs?: readonly (Verb | VerbGroup)[];
  readonly start: Omit<Start, "typed" | "operands" | "verbs">;
  /** Standard error. */
  readonly complain: (text: string) => void;
}

/**
 * Runs the verb that was typed and resolves with its exit code. Throws CommanderError when commander has answered itself, as it does
 * to --help and to a mistake.
 */
export async function runProgram(
  argv: readonly string[],
  { verbs = allVerbs, ...program }: Program,
): Promise<number> {
  let exitCode = 0;
  const root = new Command("infer-deploy")
    .description(
      "From a Dockerfile with a model inside to an HTTPS address in your own AWS account",
    )
    .version(program.version)
    .exitOverride()
    // `up --version V` is the verb's own option, not a question about the program.
    .enablePositionalOptions()
    .configureOutput({ writeOut: program.start.out, writeErr: program.complain })
    .showHelpAfterError("infer-deploy --help lists the verbs and their options")
    .addHelpText("after", exitCodeHelp);
  const add = (parent: Command, verb: Verb | VerbGroup): void => {
    const command = parent.command(verb.name).description(verb.summary);
    // What is not on the command line cannot be asked for; its options need not be made.
    if (!argv.includes(verb.name)) return;
    if ("verbs" in verb) {
      for (const one of verb.verbs) add(command, one);
      return;
    }
    const typed = new Map<string, readonly string[]>();
    for (const option of Object.values(verb.options)) addOption(command, option, typed);
    const { operand } = verb;
    if (operand !== undefined) command.argument(`[${operand.name}...]`, operand.summary);
    command.action(async (words: unknown) => {
      // commander passes the operands first, or the options if there can be none.
      const operands = operand === undefined ? [] : (words as readonly string[]);
      exitCode = await verb.run({ ...program.start, typed, operands, verbs });
    });
  };
  for (const verb of verbs) add(root, verb);
  await root.parseAsync([...argv.slice(0, 2), ...subVerbFirst(argv.slice(2), verbs)]);
  return exitCode;
}

/** commander only splits the command line: each option reads its values itself. */
function addOption(command: Command, option: Option, typed: Map<string, readonly string[]>): void {
  const names = [option.short, option.flag].filter((name) => name !== undefined).join(", ");
  const flags = option.value === undefined ? names : `${names} ${option.value}`;
  const notes = [
    ...(option.choices.length > 0 ? [`choices: ${option.choices.join(", ")}`] : []),
    ...(option.fallback === undefined ? [] : [`default: ${option.fallback}`]),
    `env: ${option.twin}`,
  ];
  command.addOption(new CommanderOption(flags, `${option.summary} (${notes.join("; ")})`));
  command.on(`option:${option.flag.slice(2)}`, (value?: string | null) => {
    const values = typeof value === "string" ? [value] : [];
    typed.set(option.flag, [...(typed.get(option.flag) ?? []), ...values]);
  });
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 changes (plan --detailed-exitcode), 3 rolled back, 4 timed out,
5 locked, 64 usage or configuration, 129/130/143 interrupted`;
