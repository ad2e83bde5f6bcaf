import type { Shape } from "../options/option.ts";
import { groupsOf, pathsOf, programOptions, type Word } from "./words.ts";

/** The script with which bash completes `infer-deploy`. It works in bash 3.2, which macOS has. */
export function bashCompletion(words: readonly Word[]): string {
  const paths = pathsOf(words);
  const options = paths.flatMap((path) => path.options);
  return `# Completion of infer-deploy for bash. In ~/.bashrc: source <(infer-deploy completion bash)
_infer_deploy() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path=\${COMP_WORDS[1]} first=2
  COMPREPLY=()
  # --strategy=canary comes as three words.
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $path in
    ${groupsOf(words)
      .map(({ name }) => name)
      .join(" | ")})
      path="$path \${COMP_WORDS[2]}"
      first=3
      ;;
  esac
  if ((COMP_CWORD == 1)); then
    _infer_deploy_offer "${[...words.map(({ name }) => name), "help", ...flagsOf(programOptions)].join(" ")}"
    return
  fi
  if ((COMP_CWORD < first)); then
    case \${COMP_WORDS[1]} in
${groupsOf(words)
  .map(
    ({ name, verbs }) =>
      `      ${name}) _infer_deploy_offer "${[...verbs.map((verb) => verb.name), "--help"].join(" ")}" ;;`,
  )
  .join("\n")}
    esac
    return
  fi
  case $previous in
${valueCases(options).join("\n")}
  esac
  case $path in
    help) _infer_deploy_offer "${words.map(({ name }) => name).join(" ")}" ;;
${paths
  .map(
    (path) =>
      `    "${path.words.join(" ")}") _infer_deploy_offer "${[...(path.operand?.choices ?? []), ...flagsOf(path.options)].join(" ")}" ;;`,
  )
  .join("\n")}
  esac
}

# The words that begin as the current one does, of bash's own kinds with -f (files) and -d (folders).
_infer_deploy_offer() {
  local IFS=$' \\n'
  case $1 in
    -f | -d)
      IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen "$1" -- "$current"))
      ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$current")) ;;
  esac
}

complete -F _infer_deploy infer-deploy
`;
}

/** Behind a flag that takes a value, no flag is offered. */
function valueCases(options: readonly Shape[]): readonly string[] {
  const withValue = options.filter(({ value }) => value?.startsWith("<") === true);
  const offers = new Map<string, string>();
  for (const option of withValue) {
    for (const flag of flagsOf([option])) offers.set(flag, offerOf(option));
  }
  const flagsByOffer = Map.groupBy(offers.keys(), (flag) => offers.get(flag) ?? "");
  return [...flagsByOffer].map(
    ([offer, flags]) =>
      `    ${flags.join(" | ")})\n      ${offer === "" ? "" : `_infer_deploy_offer "${offer}"\n      `}return\n      ;;`,
  );
}

function offerOf({ completes, choices }: Shape): string {
  if (completes === "file") return "-f";
  return completes === "folder" ? "-d" : choices.join(" ");
}

function flagsOf(options: readonly Shape[]): readonly string[] {
  return options.flatMap(({ short, flag }) => (short === undefined ? [flag] : [short, flag]));
}
