import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import { cliPath } from "./cli.ts";
import { followRuns, type CliRun } from "./cli-ends.ts";
import { looksOnly, nextCommands, parseCommand, type ParsedCommand } from "./printed-commands.ts";

/**
 * The setup of every end-to-end file: each command that an error's `next:` names must be run, and work. One that only looks is run here, at
 * once. Any other one is the test's to run: at the end of the file, those that no run was seen of are an error.
 */
followRuns(async (run) => {
  await settle(run);
  if (run.exitCode <= 0) return;
  for (const { words, line } of nextCommands(run)) {
    const command = await parseCommand(words);
    if (looksOnly(words)) await look(words, run);
    else if (command !== undefined) open.set(words.join(" "), { command, line });
  }
});

afterAll(() => {
  const left = [...open.values()].map(({ line }) => line);
  open.clear();
  if (left.length > 0)
    throw new Error(`No test ran the commands of these lines:\n${left.join("\n")}`);
});

/** For a command that costs too much to run. `words`: as it is printed, after the program's name. */
export function leaveUnrun(words: string): void {
  if (!open.delete(words)) throw new Error(`No error has printed \`infer-deploy ${words}\`.`);
}

/** Command -> where it was printed, until it is run. */
const open = new Map<string, { readonly command: ParsedCommand; readonly line: string }>();

/** A run with more flags, such as --yes, is a run of the printed command, too. */
async function settle({ args, exitCode }: CliRun): Promise<void> {
  if (exitCode !== 0 || open.size === 0) return;
  const run = await parseCommand(args);
  for (const [key, { command }] of open) {
    const isIt =
      run?.name === command.name &&
      command.operands.join(" ") === run.operands.join(" ") &&
      [...command.typed].every(([flag, values]) => run.typed.get(flag)?.join() === values.join());
    if (isIt) open.delete(key);
  }
}

async function look(words: readonly string[], { cwd, env, stderr }: CliRun): Promise<void> {
  const child = spawn(process.execPath, [cliPath, ...words], {
    ...{ cwd, env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [complaint, exitCode] = await Promise.all([text(child.stderr), ended]);
  // `status` ends with 1 when it finds a stack that is not healthy, without an error.
  if (exitCode === 0 || (exitCode === 1 && !complaint.includes("✖"))) return;
  throw new Error(
    `The printed command \`infer-deploy ${words.join(" ")}\` ended with ${exitCode}:\n${complaint}\nIt was printed by:\n${stderr}`,
  );
}
