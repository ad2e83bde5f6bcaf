/** In a text for the user: the command that was run, as it was typed. */
export const thisCommand = "{this command}";

/**
 * Makes the commands in a text work as printed: `thisCommand` becomes what was typed, and every other command gets the flags that chose the
 * stack. Variables need not be printed, because they are still set. A command in backticks is another run's, and stays as it is.
 * `typed`: the command line after the program.
 */
export function completeCommands(text: string, typed: readonly string[]): string {
  const chosen = stackFlags(typed);
  return text
    .replaceAll(commands, (_, words: string, rest: string) => {
      const missing = chosen.filter(
        ({ name }) => !new RegExp(`${name}(?![\\w-])`).test(` ${rest}`),
      );
      return [`infer-deploy ${words}`, ...missing.map((flag) => flag.text)].join(" ") + rest;
    })
    .replaceAll(thisCommand, () =>
      ["infer-deploy", ...typed, ...(typed.at(-1) === "--sandbox" ? [defaultSandbox] : [])]
        .map(shellWord)
        .join(" "),
    );
}

/** A word as a POSIX shell reads it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

interface Flag {
  /** The long name. */
  readonly name: string;
  readonly text: string;
}

function stackFlags(typed: readonly string[]): readonly Flag[] {
  const flags = new Map<string, Flag>();
  for (const [index, word] of typed.entries()) {
    if (word === "--") break;
    const [, given = "", glued = ""] = /^(--[\w-]+|-[ce])(.*)$/s.exec(word) ?? [];
    const name = longNames[given] ?? given;
    if (!choosing.has(name) || (glued.startsWith("-") && given.length === 2)) continue;
    const next = typed[index + 1];
    const isAlone = glued === "" && (next === undefined || next.startsWith("-"));
    // --sandbox may have no name; printed without one, it would take the next word of the sentence.
    if (isAlone && name !== "--sandbox") continue;
    const value = isAlone ? defaultSandbox : glued === "" ? (next ?? "") : glued.replace(/^=/, "");
    flags.set(name, { name, text: `${name} ${shellWord(value)}` });
  }
  return [...flags.values()];
}

const defaultSandbox = "default";
const longNames: Readonly<Record<string, string>> = { "-c": "--config", "-e": "--environment" };
const choosing = new Set(["--config", "--environment", "--region", "--profile", "--sandbox"]);
// A verb, and what follows up to the end of the sentence's part.
const commands =
  /(?<!`)infer-deploy (up|plan|status|dashboard|logs|exec|run|cost|destroy|releases?|rollback|restart|render|runbook|doctor|lock (?:status|release)|secrets (?:set|list|remove)|keys (?:list|show|rotate|retire)|maintenance (?:on|off)|sleep|wake)(?![\w-])([^;,)\n]*?(?=;|,|\)|\n|$| infer-deploy ))/g;
