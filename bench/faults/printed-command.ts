/**
 * The command of this tool that an error's line `next:` names, as the program's arguments; undefined when the line names none.
 * A word in capitals, such as VERSION, stands for a value that only a person knows, so a command with one is none.
 */
export function printedCommand(stderr: string): readonly string[] | undefined {
  const line = /^ {2}next: +(.*)$/m.exec(stderr)?.[1] ?? "";
  const words = line.split("infer-deploy ")[1]?.split(/[\s`,;:]+/) ?? [];
  const [verb = "", ...rest] = words;
  const command = groups.has(verb) && rest[0] !== undefined ? [verb, rest.shift() ?? ""] : [verb];
  while (rest[0]?.startsWith("-") === true) {
    const flag = rest.shift() ?? "";
    command.push(flag);
    if (!switches.has(flag) && rest[0] !== undefined) command.push(rest.shift() ?? "");
  }
  const isWhole = /^[a-z-]+$/.test(verb) && !command.some((word) => /^[A-Z]{2,}$/.test(word));
  return isWhole ? command : undefined;
}

/** Verbs whose next word is a verb, too. */
const groups = new Set(["lock", "sandbox"]);

/** Flags without a value. */
const switches = new Set(["--yes", "-y", "--force", "--no-build", "--json", "--debug"]);
