import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { verbs } from "../../src/cli/verbs.ts";
import type { Start, Verb } from "../../src/commands/kinds/verb.ts";
import { CommandError } from "../../src/errors/command-error.ts";
import { hookEnvironment } from "../../src/hooks/hook.ts";
import type { Option } from "../../src/options/option.ts";
import { readOptions } from "../../src/options/read-options.ts";
import { repository } from "../_helpers/cli.ts";

/** Every flag of every verb, by the program's own list. */
const flags = verbs.flatMap((verb) =>
  "verbs" in verb
    ? verb.verbs.flatMap((one) => flagsOf(one, [verb.name, one.name]))
    : flagsOf(verb, [verb.name]),
);

test.each(flags)("$words $option.flag: the variable does what the flag does", async (flag) => {
  const { option } = flag;
  const sample = sampleOf(option);
  const none = await read(flag, [], {});
  const typed = await read(flag, sample.typed, {});
  const byVariable = await read(flag, [], { [option.twin]: sample.variable });
  expect(textOf(typed)).not.toEqual(textOf(none));
  expect(valueOf(byVariable)).toEqual(valueOf(typed));
  expect(await read(flag, [], { [option.twin]: "" })).toEqual(none);
});

test.each(flags.filter(({ option }) => option.value !== undefined))(
  "$words $option.flag comes before the variable",
  async (flag) => {
    const sample = sampleOf(flag.option);
    const env = { [flag.option.twin]: sample.other };
    expect(await read(flag, sample.typed, env)).toEqual(await read(flag, sample.typed, {}));
  },
);

test.each(flags.filter(({ option }) => sampleOf(option).wrong !== undefined))(
  "$words: a wrong value of $option.twin names the variable, a wrong $option.flag the flag",
  async (flag) => {
    const { flag: name, twin, value } = flag.option;
    const wrong = sampleOf(flag.option).wrong ?? "";
    const byVariable = await read(flag, [], { [twin]: wrong });
    expect(byVariable).toMatchObject({ exitCode: 64 });
    expect(textOf(byVariable)).toContain(twin);
    expect(textOf(byVariable)).not.toContain(name);
    if (value !== undefined) expect(textOf(await read(flag, [name, wrong], {}))).toContain(name);
  },
);

const pages = ["cli", "releases"].map((name) =>
  readFileSync(join(repository, "docs", "reference", `${name}.md`), "utf8"),
);

test.each(flags)("$words $option.flag is in the reference with its variable", ({ option }) => {
  const flag = [option.short, option.flag].filter((name) => name !== undefined).join("`, `");
  const row = new RegExp(`^\\| \`${flag}( [^\`]+)?\` \\| \`${option.twin}\` \\|`, "m");
  expect(pages.join("\n")).toMatch(row);
});

test("the reference names no variable of a flag that there is not", () => {
  const twins = new Set(flags.map(({ option }) => option.twin));
  for (const [row, variable = ""] of pages
    .join("\n")
    .matchAll(/^\|.*`(INFER_DEPLOY_[A-Z_]+)`.*$/gm)) {
    expect(twins, row).toContain(variable);
  }
});

test("the page on hooks names the variables that an infer-deploy in a hook reads as its own", () => {
  const twins = new Set(flags.map(({ option }) => option.twin));
  const shared = Object.keys(hookEnvironment("pre-build", {})).filter((name) => twins.has(name));
  const page = readFileSync(join(repository, "docs", "reference", "hooks.md"), "utf8");
  const paragraph = page
    .split("\n\n")
    .find((text) => text.startsWith("An `infer-deploy` in a hook"));
  const named = paragraph?.match(/(?<=`)INFER_DEPLOY_[A-Z_]+(?=`)/g);
  expect(named?.toSorted()).toEqual(shared.toSorted());
});

interface Flag {
  readonly words: readonly string[];
  readonly option: Option;
}

function flagsOf(verb: Verb, words: readonly string[]): readonly Flag[] {
  return Object.values(verb.options).map((option) => ({ words, option }));
}

/** What the verb would read of the option on this command line, or the error that it would end with. */
async function read(
  { words, option }: Flag,
  args: readonly string[],
  env: Record<string, string>,
): Promise<unknown> {
  let begun: Start | undefined;
  const note = (verb: Verb): Verb => ({
    ...verb,
    run: async (start) => {
      begun = start;
      return 0;
    },
  });
  await runProgram(["node", "infer-deploy", ...words, ...args], {
    version: "0.0.0",
    verbs: verbs.map((verb) =>
      "verbs" in verb ? { ...verb, verbs: verb.verbs.map(note) } : note(verb),
    ),
    start: {
      env,
      cwd: "/nowhere",
      onExit: () => undefined,
      out: () => undefined,
      createDeps: async () => Promise.reject(new Error("nothing is run")),
    },
    complain: () => undefined,
  });
  if (begun === undefined) throw new Error(`${words.join(" ")} was not run`);
  try {
    return readOptions({ option }, begun).option;
  } catch (error) {
    return error;
  }
}

interface Sample {
  readonly typed: readonly string[];
  /** The same in the variable, and something else that it may hold. */
  readonly variable: string;
  readonly other: string;
  readonly wrong: string | undefined;
}

function sampleOf({ flag, value, repeats, fallback }: Option): Sample {
  if (value === undefined) {
    return { typed: [flag], variable: "yes", other: "1", wrong: "perhaps" };
  }
  if (repeats) {
    const typed = [flag, "A=1", flag, "B=two=2"];
    return { typed, variable: "A=1\nB=two=2\n", other: "A=3", wrong: "novalue" };
  }
  if (flag === "--account") {
    const [sample, other] = ["1".repeat(12), "2".repeat(12)];
    return { typed: [flag, sample], variable: sample, other, wrong: "prod" };
  }
  if (flag === "--port") {
    return { typed: [flag, "4000"], variable: "4000", other: "4001", wrong: "65536" };
  }
  const [sample, other, wrong] =
    fallback === undefined || fallback === "default"
      ? ["one", "another", flag === "--version" ? "not a version" : undefined]
      : /^\d+$/.test(fallback)
        ? ["7", "8", "none"]
        : ["5m", "6m", "soon"];
  return { typed: [flag, sample], variable: sample, other, wrong };
}

/** Without the name of where it comes from. */
function valueOf(given: unknown): unknown {
  return typeof given === "object" && given !== null && "origin" in given && "value" in given
    ? given.value
    : given;
}

function textOf(given: unknown): string {
  return given instanceof CommandError
    ? `${given.message} ${given.where}`
    : JSON.stringify(valueOf(given) ?? null);
}
