import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../_helpers/cli.ts";
import { openTerminal, type Terminal } from "../_helpers/pty.ts";

/** Asks one question on a real terminal, and prints what came of it. */
const script = `
  const { createInterrupts } = await import(${JSON.stringify(join(repository, "src/process/interrupts.ts"))});
  const { createTerminalReporter } = await import(${JSON.stringify(join(repository, "src/report/terminal-reporter.ts"))});
  const interrupts = createInterrupts(process);
  const reporter = createTerminalReporter(process.stdin, process.stderr, interrupts.aborted);
  try {
    console.log(String(await reporter.ask("Destroy it?", "--yes")));
  } catch (error) {
    console.log(error.name, error.message);
    process.exitCode = error.exitCode;
  } finally {
    interrupts.dispose();
  }
`;

async function ask(answer: (terminal: Terminal) => unknown) {
  const terminal = await openTerminal({
    file: process.execPath,
    args: ["--input-type=module", "--eval", script],
  });
  onTestFinished(() => terminal.kill("SIGKILL"));
  await terminal.waitFor(/Destroy it\? \[y\/N\] /);
  await answer(terminal);
  const { exitCode } = await terminal.ended;
  return { exitCode, text: terminal.text() };
}

test.each([
  ["y\r", true],
  ["YES\r", true],
  ["n\r", false],
  ["\r", false],
  // Ctrl-D: no answer at all.
  ["\u0004", false],
])("%j answers %j", async (typed, answer) => {
  const { exitCode, text } = await ask((terminal) => terminal.type(typed));
  expect(text).toMatch(new RegExp(`^${answer}\r$`, "m"));
  expect(exitCode).toBe(0);
});

test("Ctrl-C ends the question and the program", async () => {
  const { exitCode, text } = await ask(async (terminal) => terminal.pressControlC());
  expect(text).toContain("InterruptedError Stopped by Ctrl-C");
  expect(exitCode).toBe(130);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends it too", async (signal, code) => {
  const { exitCode } = await ask((terminal) => terminal.kill(signal));
  expect(exitCode).toBe(code);
});

test("a closed terminal ends it, whether the end of the input or the hang-up is noticed first", async () => {
  const { exitCode } = await ask((terminal) => terminal.hangUp());
  expect([0, 129]).toContain(exitCode);
});
