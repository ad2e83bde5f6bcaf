import { CommandError, exitCodes } from "../errors/command-error.ts";

/**
 * Reads a variable that stands for a flag: yes or no. Empty is no, because CI workflows set it to empty when they have no
 * value. Throws CommandError (64) for any other word, because a guess could destroy something.
 */
export function readSwitch(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): boolean {
  const value = env[name] ?? "";
  const word = value.trim().toLowerCase();
  if (yesWords.has(word)) return true;
  if (noWords.has(word)) return false;
  throw new CommandError(`${name} is ${JSON.stringify(value)}, which is neither yes nor no.`, {
    exitCode: exitCodes.usage,
    next: `set ${name} to 1 or to 0, or unset it`,
  });
}

/** For a variable that other programs set, such as CI: true for any word that does not mean no. */
export function isSet(value: string | undefined): boolean {
  return !noWords.has((value ?? "").trim().toLowerCase());
}

const yesWords: ReadonlySet<string> = new Set(["1", "true", "yes", "y", "on"]);
const noWords: ReadonlySet<string> = new Set(["", "0", "false", "no", "n", "off"]);
