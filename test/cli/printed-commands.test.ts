import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verbs } from "../../src/cli/verbs.ts";
import { completeCommands } from "../../src/errors/printed-commands.ts";
import { repository } from "../_helpers/cli.ts";
import { checkPrinted } from "../_helpers/printed-check.ts";
import { parseCommand, printedCommands } from "../_helpers/printed-commands.ts";

test("the program accepts every command that its sources can print", async () => {
  const texts = await literals();
  const found = texts.flatMap((text) => printedCommands(text));
  expect(found.length).toBeGreaterThan(60);
  for (const { words, line } of found) {
    await parseCommand(words);
    // A value that only a person knows is a word in capitals; an article would be read as the value itself.
    expect(
      words.filter((word) => /^(an?|the)$/.test(word)),
      line,
    ).toEqual([]);
  }
});

test("what follows the program's name is a verb, or a word of a sentence", async () => {
  const names = new Set(verbs.map(({ name }) => name));
  const strange = (await literals()).flatMap((text) =>
    [...text.matchAll(/(?<![\w/.=-])infer-deploy ([a-z-]+)/g)].flatMap(([phrase, word = ""]) =>
      /^(value|--help)$/.test(word) || sentence.has(word) || names.has(word) ? [] : [phrase],
    ),
  );
  expect(strange).toEqual([]);
});

test("a printed command of every verb on a stack gets the flags that chose the stack", () => {
  const lines = verbs
    .flatMap((verb) =>
      "verbs" in verb
        ? verb.verbs.map((one) => ({ ...one, name: `${verb.name} ${one.name}` }))
        : verb,
    )
    .filter(({ options }) => Object.values(options).some(({ flag }) => flag === "--sandbox"))
    .map(({ name }) => `infer-deploy ${name}`);
  for (const line of lines) {
    expect(completeCommands(line, ["up", "-e", "staging"])).toBe(`${line} --environment staging`);
  }
});

test.each([
  ["infer-deploy up again; then infer-deploy status.", ["up"], ["status"]],
  [
    "infer-deploy lock release --sandbox demo, which repairs it",
    ["lock", "release", "--sandbox", "demo"],
  ],
  [
    "see infer-deploy releases --config 'my app/x.yml' (newest first)",
    ["releases", "--config", "my app/x.yml"],
  ],
  ["give it one: infer-deploy exec -- ls /", ["exec", "--", "ls", "/"]],
  ["`infer-deploy release --version v1`, started 3 s ago", ["release", "--version", "v1"]],
  [
    "infer-deploy sandbox weather none --name demo ends it",
    ["sandbox", "weather", "none", "--name", "demo"],
  ],
  ["run infer-deploy up: AWS does not offer it", ["up"]],
  ["since the last infer-deploy up (2026-11-27T07:33:29.797Z)", ["up"]],
  ["infer-deploy does not know this error"],
])("%s", (text, ...commands) => {
  expect(printedCommands(text).map(({ words }) => words)).toEqual(commands);
});

test.each([
  ["infer-deploy rollback v1", "too many arguments"],
  ["infer-deploy up --refresh-image makes it", "unknown option '--refresh-image'"],
  ["infer-deploy lock remove", "unknown command 'remove'"],
  ["infer-deploy release --version", "argument missing"],
  ["infer-deploy release --bake soon", "soon"],
  ["infer-deploy status", "lacks --sandbox"],
  ["infer-deploy status --sandbox other", "lacks --sandbox"],
  ["infer-deploy sandbox start", "lacks --name demo"],
])("a run may not print %s", async (command, complaint) => {
  const end = {
    cwd: "/",
    env: {},
    exitCode: 1,
    stdout: "",
    stderr: `✖ No.\n  next:  ${command}\n`,
  };
  const run = { args: ["up", "--sandbox", "demo"], ...end };
  await expect(checkPrinted(run)).rejects.toThrow(complaint);
});

/** What follows the program's name in the strings of the sources, with the word `value` for what is filled in. */
async function literals(): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const file of glob("{src,sandbox/src}/**/*.ts", { cwd: repository })) {
    if (file.endsWith(".test.ts") || file.startsWith("src/completion/")) continue;
    const source = await readFile(join(repository, file), "utf8");
    let text = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    // From the innermost template outwards.
    for (let depth = 0; depth < 4; depth += 1) {
      for (const [literal] of text.matchAll(/(?<![\w/.=-])infer-deploy [^"`\n\\]*/g))
        found.add(literal);
      text = text.replaceAll(/\$\{[^{}]*\}/g, " value");
    }
  }
  return [...found].filter((literal) => !literal.includes("${"));
}

const sentence: ReadonlySet<string> = new Set([
  ...[
    "and",
    "cannot",
    "did",
    "does",
    "is",
    "ran",
    "reads",
    "relies",
    "runs",
    "stack",
    "writes",
    "wrote",
  ],
]);
