import type { Shape } from "../options/option.ts";
import { groupsOf, pathsOf, programOptions, type Path, type Word } from "./words.ts";

/** The script with which fish completes `infer-deploy`. */
export function fishCompletion(words: readonly Word[]): string {
  const lines = [
    ...words.map((word) => wordLine([], word)),
    wordLine([], { name: "help", summary: "shows the help of a verb" }),
    ...programOptions.map((option) => optionLine("__infer_deploy_next", option)),
    ...words.map(({ name, summary }) => wordLine(["help"], { name, summary })),
    ...groupsOf(words).flatMap(({ name, verbs }) => verbs.map((verb) => wordLine([name], verb))),
    ...pathsOf(words).flatMap((path) => pathLines(path)),
  ];
  return `# Completion of infer-deploy for fish: infer-deploy completion fish > ~/.config/fish/completions/infer-deploy.fish
function __infer_deploy_verb --description 'Whether the command line begins with these words'
    set -l typed (commandline -opc)[2..]
    set -l begin $typed[1..(count $argv)]
    test "$begin" = "$argv"
end

function __infer_deploy_next --description 'Whether it has these words and no other'
    set -l typed (commandline -opc)[2..]
    test "$typed" = "$argv"
end

complete -c infer-deploy -f
${lines.map((line) => `complete -c infer-deploy ${line}`).join("\n")}
`;
}

function pathLines({ words, options, operand }: Path): readonly string[] {
  const condition = `__infer_deploy_verb ${words.join(" ")}`;
  return [
    ...options.map((option) => optionLine(condition, option)),
    ...(operand === undefined
      ? []
      : [
          `-n ${quote(condition)} -a ${quote(operand.choices.join(" "))} -d ${quote(operand.name)}`,
        ]),
  ];
}

function wordLine(
  before: readonly string[],
  { name, summary }: Pick<Word, "name" | "summary">,
): string {
  const condition = ["__infer_deploy_next", ...before].join(" ");
  return `-n ${quote(condition)} -a ${name} -d ${quote(summary)}`;
}

function optionLine(condition: string, option: Shape): string {
  const { flag, short, summary } = option;
  return [
    `-n ${quote(condition)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${flag.slice(2)}`,
    ...valueFlags(option),
    `-d ${quote(summary)}`,
  ].join(" ");
}

function valueFlags({ value, choices, completes }: Shape): readonly string[] {
  // A value that may be left out is not asked for.
  if (value?.startsWith("<") !== true) return [];
  if (completes === "file") return ["-r", "-F"];
  if (completes === "folder") return ["-x", `-a ${quote("(__fish_complete_directories)")}`];
  return choices.length === 0 ? ["-x"] : ["-x", `-a ${quote(choices.join(" "))}`];
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
