/**
 * Text as a terminal or a CI log may have it: what it says may come from a container, a hook or a file name. Colours are removed and other
 * control characters escaped, so that nothing moves the cursor, hides text or answers for the user. In CI no line is a command to the
 * system. JSON keeps its meaning, because the escapes are JSON's own.
 */
export function safeText(
  text: string,
  env: Readonly<Record<string, string | undefined>> = {},
): string {
  const plain = escapeAll(text.replaceAll(colours, ""), controlsInLines);
  return readers.some((name) => env[name]) ? breakCommands(plain) : plain;
}

/** For a single line: line breaks and tabs are escaped too. */
export function escapeControls(text: string): string {
  return escapeAll(text, controls);
}

/**
 * GitHub's runner obeys `::command::` at the start of a line, also after spaces, and `##[command]` anywhere (actions/runner,
 * ActionCommand.cs); Azure's and TeamCity's have such words too.
 */
function breakCommands(text: string): string {
  return escapeAll(text, /(?<=^\s*):(?=:)|(?<=#)#(?=\[|vso\[|teamcity\[)/gim);
}

function escapeAll(text: string, characters: RegExp): string {
  return text.replace(
    characters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// Also characters without a width, and those that change the direction of text.
const controls = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const controlsInLines = /(?![\n\t])[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
// oxlint-disable-next-line no-control-regex -- the escape character is what this removes
const colours = /\u001b\[[\d;]*m/g;
/** Set by GitHub Actions, Azure Pipelines and TeamCity. */
const readers = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"];
