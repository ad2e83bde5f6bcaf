import type { Shape } from "../options/option.ts";
import { groupsOf, pathsOf, programOptions, type Path, type Word } from "./words.ts";

/** The script with which zsh completes `infer-deploy`: to be sourced, or a file _infer-deploy in a folder of fpath. */
export function zshCompletion(words: readonly Word[]): string {
  const help = { name: "help", summary: "shows the help of a verb" };
  return `#compdef infer-deploy
# Completion of infer-deploy for zsh. In ~/.zshrc, after compinit: source <(infer-deploy completion zsh)
${[
  choice("_infer-deploy", [...words, help], programOptions, "_infer-deploy_"),
  ...groupsOf(words).map(({ name, verbs }) =>
    choice(`_infer-deploy_${name}`, verbs, programOptions.slice(0, 1), `_infer-deploy_${name}_`),
  ),
  ...pathsOf(words).map(verbFunction),
].join("\n")}
if [[ $funcstack[1] == _infer-deploy ]]; then
  _infer-deploy "$@"
else
  compdef _infer-deploy infer-deploy
fi
`;
}

/** Offers the words and, after one of them, leaves the rest to the function of its name. */
function choice(
  name: string,
  words: readonly Pick<Word, "name" | "summary">[],
  options: readonly Shape[],
  prefix: string,
): string {
  return `${name}() {
  local state line
  typeset -A opt_args
  _arguments -C \\
${options.map((option) => `    ${spec(option)} \\\n`).join("")}    '1: :->word' '*:: :->rest'
  case $state in
    word)
      local -a verbs=(
${words.map(({ name: word, summary }) => `        ${quote(`${word}:${summary}`)}`).join("\n")}
      )
      _describe verb verbs
      ;;
    rest) (( $+functions[${prefix}$line[1]] )) && ${prefix}$line[1] ;;
  esac
}
`;
}

function verbFunction({ words, options, operand }: Path): string {
  const specs = [
    ...options.map(spec),
    ...(operand === undefined ? [] : [quote(`*:${operand.name}:(${operand.choices.join(" ")})`)]),
  ];
  return `_infer-deploy_${words.join("_")}() {
  _arguments \\
${specs.map((one) => `    ${one}`).join(" \\\n")}
}
`;
}

/** One option in the language of _arguments. */
function spec({ flag, short, value, summary, repeats, ...offer }: Shape): string {
  const takes = value === undefined ? "" : "=";
  const explained = quote(
    `[${summary.replaceAll(/[[\]\\]/g, String.raw`\$&`)}]${valueSpec(value, offer)}`,
  );
  if (short === undefined) return `${repeats ? "'*'" : ""}${flag}${takes}${explained}`;
  return `'(${short} ${flag})'{${short}${value === undefined ? "" : "+"},${flag}${takes}}${explained}`;
}

function valueSpec(
  value: string | undefined,
  { choices, completes }: Pick<Shape, "choices" | "completes">,
): string {
  if (value === undefined) return "";
  const colon = value.startsWith("[") ? "::" : ":";
  return `${colon}${value.slice(1, -1)}:${actionOf(choices, completes)}`;
}

function actionOf(choices: readonly string[], completes: Shape["completes"]): string {
  if (choices.length > 0) return `(${choices.join(" ")})`;
  if (completes === "file") return "_files";
  return completes === "folder" ? "_files -/" : " ";
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
