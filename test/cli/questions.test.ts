import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../_helpers/cli.ts";
import { openTerminal, type Terminal } from "../_helpers/pty.ts";

/** The question before an apply, on a real terminal: every way of not saying yes. */
async function ask(): Promise<Terminal> {
  const from = (path: string) => JSON.stringify(join(repository, "src", path));
  const script = `
    const { createDeps } = await import(${from("deps.ts")});
    const { errorText } = await import(${from("errors/error-text.ts")});
    const { confirmPlan } = await import(${from("infrastructure/plan/confirm-plan.ts")});
    const flags = { yes: false, quiet: false };
    const deps = await createDeps(flags, process);
    const plan = { changes: [], summary: { add: 0, change: 0, remove: 0 }, hasChanges: true };
    try {
      const answer = await confirmPlan({ ...deps, yes: flags.yes }, plan, "Apply this?", "nothing was applied");
      console.log("answer: " + answer);
    } catch (error) {
      process.exitCode = error.exitCode;
      process.stderr.write(errorText(error, false));
    }
    deps.interrupts.dispose();
  `;
  const { CI: _, ...env } = process.env;
  const terminal = await openTerminal({
    file: process.execPath,
    args: ["--input-type=module", "--eval", script],
    env: { ...env, TERM: "xterm" },
  });
  await terminal.waitFor(/\[y\/N\] /);
  return terminal;
}

test("one Ctrl-C ends the question: 130, and nothing was applied", async () => {
  const terminal = await ask();
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).toMatch(/\r\n✖ Stopped by Ctrl-C; nothing was applied\r\n/);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends it with %i", async (signal, exitCode) => {
  const terminal = await ask();
  terminal.kill(signal);
  expect(await terminal.ended).toEqual({ exitCode, signal: 0 });
  expect(terminal.text()).toContain("nothing was applied");
});

test("a closed terminal ends it with 129", async () => {
  const terminal = await ask();
  terminal.hangUp();
  expect(await terminal.ended).toEqual({ exitCode: 129, signal: 0 });
});

test.each([
  ["Ctrl-D", "\u0004", false],
  ["Enter", "\r", false],
  ["another word", "never\r", false],
  ["y", "y\r", true],
  ["Yes", "Yes\r", true],
])("%s is an answer", async (_, keys, answer) => {
  const terminal = await ask();
  terminal.type(keys);
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
  expect(terminal.text()).toMatch(new RegExp(`\\r\\nanswer: ${answer}\\r\\n`));
});
