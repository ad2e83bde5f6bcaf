import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { repository } from "../_helpers/cli.ts";
import { openTerminal, type Terminal } from "../_helpers/pty.ts";

/** Reads a secret as `secrets set` does, and prints how many bytes came. */
const from = (path: string): string => JSON.stringify(join(repository, "src", path));
const script = `
  const { createDeps } = await import(${from("deps.ts")});
  const { errorText } = await import(${from("errors/error-text.ts")});
  const deps = await createDeps({ quiet: false }, process);
  try {
    const value = await deps.readSecret("Value: ");
    console.log("got: " + (value === undefined ? "nothing" : Buffer.from(value).toString("hex")));
  } catch (error) {
    process.exitCode = error.exitCode;
    process.stderr.write(errorText(error, false));
  }
  deps.interrupts.dispose();
`;
const args = ["--input-type=module", "--eval", script];
const { CI: _, ...env } = process.env;

async function prompt(): Promise<Terminal> {
  const file = process.execPath;
  const terminal = await openTerminal({ file, args, env: { ...env, TERM: "xterm" } });
  await terminal.waitFor(/Value: /);
  return terminal;
}

test("what is typed is not shown, and a mistake can be deleted", async () => {
  const terminal = await prompt();
  terminal.type("canarx\u007fy ä\r");
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
  expect(terminal.text()).toContain(`got: ${Buffer.from("canary ä").toString("hex")}`);
  expect(terminal.text()).not.toContain("canar");
});

test("Ctrl-C ends it with 130, and gives the terminal its echo back", async () => {
  const terminal = await prompt();
  terminal.type("canary");
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).not.toContain("canary");
});

test("Ctrl-D and a closed terminal give nothing", async () => {
  const terminal = await prompt();
  terminal.type("\u0004");
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
  expect(terminal.text()).toContain("got: nothing");
  const other = await prompt();
  other.hangUp();
  expect(await other.ended).toEqual({ exitCode: 129, signal: 0 });
});

test("in CI a terminal is not asked", async () => {
  const file = process.execPath;
  const terminal = await openTerminal({ file, args, env: { ...env, CI: "true" } });
  expect(await terminal.ended).toEqual({ exitCode: 64, signal: 0 });
  expect(terminal.text()).toContain("<FILE");
});

test("what is piped in comes as it is, and reading ends soon after the most that a secret holds", async () => {
  const run = promisify(execFile);
  const piped = async (bytes: Buffer): Promise<string> => {
    const child = run(process.execPath, args, { env });
    child.child.stdin?.on("error", () => undefined).end(bytes);
    return (await child).stdout;
  };
  expect(await piped(Buffer.from("a\r\nb\n\u00ff"))).toBe("got: 610d0a620ac3bf\n");
  expect((await piped(Buffer.alloc(2 ** 20, "a"))).length).toBeLessThan(2 ** 19);
});
