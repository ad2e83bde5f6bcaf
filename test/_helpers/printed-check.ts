import { stripVTControlCharacters } from "node:util";
import type { CliRun } from "./cli-ends.ts";
import { parseCommand, printedCommands, type ParsedCommand } from "./printed-commands.ts";

/**
 * Throws when a command that a run printed for its user does not work as printed: the program does not accept it, or it lacks a flag by which
 * the run chose its stack.
 */
export async function checkPrinted({ args, stdout, stderr }: CliRun): Promise<void> {
  // Documents and scripts are for programs.
  const isForPeople =
    !args.includes("--json") && !args.includes("--help") && args[0] !== "completion";
  const text = stripVTControlCharacters(isForPeople ? `${stdout}\n${stderr}` : stderr);
  const run = await parseCommand(args).catch(() => undefined);
  for (const { words, line, isQuoted } of printedCommands(text)) {
    const printed = await parseCommand(words);
    if (run === undefined || printed === undefined || isQuoted || aboutOthers.test(line)) continue;
    const lacking = lackingFlags(printed, run);
    if (lacking.length > 0) {
      throw new Error(
        `\`infer-deploy ${words.join(" ")}\` lacks ${lacking.join(" and ")}:\n${line}`,
      );
    }
  }
}

/** A verb on stacks takes the flags as they were typed; a verb on the sandbox, the sandbox's name. */
function lackingFlags(printed: ParsedCommand, run: ParsedCommand): readonly string[] {
  if (printed.name.startsWith("sandbox ")) {
    const wanted = sandboxOf(run);
    return wanted === undefined || sandboxOf(printed) === wanted ? [] : [`--name ${wanted}`];
  }
  return choosing.filter((flag) => {
    const wanted = run.typed.get(flag);
    const has = printed.typed.get(flag);
    // init writes the region into the file.
    if (run.name === "init" && flag === "--region") return false;
    // A text may name another region than the one that was typed.
    return (
      wanted !== undefined &&
      (has === undefined || (flag !== "--region" && last(has) !== last(wanted)))
    );
  });
}

function sandboxOf({ name, typed }: ParsedCommand): string | undefined {
  if (name.startsWith("sandbox ")) return last(typed.get("--name") ?? []);
  const given = typed.get("--sandbox");
  return given === undefined ? undefined : last(given);
}

function last(values: readonly string[]): string {
  return values.at(-1) ?? "default";
}

const choosing = ["--config", "--environment", "--region", "--profile", "--sandbox"];

/** Lines about a run in the past: the error's sentence, its cause, and the holder of a lock. */
const aboutOthers = /^(✖| {2}why: | {2}command )/;
