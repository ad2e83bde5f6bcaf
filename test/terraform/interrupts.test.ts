import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTerminal } from "../_helpers/pty.ts";
import type { Terminal } from "../_helpers/pty.ts";
import { startStateServer } from "../_helpers/state-server.ts";
import type { StateServer } from "../_helpers/state-server.ts";
import { copyModule, listMade, readState, removeFolder } from "../_helpers/terraform.ts";

let folder: string;
let place: StateServer;
let terminal: Terminal;

beforeEach(async () => {
  folder = await copyModule("slow");
  place = await startStateServer();
  // As long as a bucket far away: time for further presses while terraform saves its state.
  place.saveMilliseconds = 700;
  await place.useIn(folder);
  terminal = await startApply();
  await terminal.waitFor(/apply_start terraform_data\.second/);
  await expect.poll(async () => (await listMade(folder)).length, { timeout: 10_000 }).toBe(2);
});

afterEach(async () => {
  terminal.kill("SIGKILL");
  await place.close();
  await removeFolder(folder);
});

test("one Ctrl-C: 130, what exists is in the state, and the next apply converges", async () => {
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).toMatch(/stopping, in flight: terraform_data\.second/);
  expect(terminal.text()).toMatch(/heartbeat/);
  expect(terminal.text()).toMatch(/was stopped: it finished what was in flight/);
  await expectWholeState();
  await expectConvergence();
});

test("three presses: the second and the third do not reach terraform", async () => {
  await terminal.pressControlC(3);
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text().match(/already stopping/g)).toHaveLength(1);
  await expectWholeState();
});

test("SIGTERM, and again: 143", async () => {
  terminal.kill("SIGTERM");
  await terminal.waitFor(/stopping/);
  terminal.kill("SIGTERM");
  expect(await terminal.ended).toEqual({ exitCode: 143, signal: 0 });
  await expectWholeState();
});

test("the terminal is closed: 129", async () => {
  terminal.hangUp();
  expect(await terminal.ended).toEqual({ exitCode: 129, signal: 0 });
  await expectWholeState();
});

test("the command line is killed: terraform continues to the end", async () => {
  await writeFile(join(folder, "go-on"), "");
  terminal.kill("SIGKILL");
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 9 });
  await expect.poll(async () => (await listMade(folder)).length, { timeout: 20_000 }).toBe(3);
  await expect.poll(() => place.lock, { timeout: 20_000 }).toBe(undefined);
  expect(
    Object.values(readState(place.state).resources)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(await listMade(folder));
});

/** Nothing is missing from the state, nothing is locked, and what was in flight will be replaced. */
async function expectWholeState(): Promise<void> {
  const { resources } = readState(place.state);
  expect(
    Object.values(resources)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(await listMade(folder));
  expect(Object.entries(resources).map(([address, { tainted }]) => [address, tainted])).toEqual([
    ["terraform_data.first", false],
    ["terraform_data.second", true],
  ]);
  expect(place.lock).toBe(undefined);
  expect(existsSync(join(folder, "errored.tfstate"))).toBe(false);
}

async function expectConvergence(): Promise<void> {
  await writeFile(join(folder, "go-on"), "");
  const again = await startApply();
  expect(await again.ended).toEqual({ exitCode: 0, signal: 0 });
  expect(Object.values(readState(place.state).resources).map(({ tainted }) => tainted)).toEqual([
    false,
    false,
    false,
  ]);
}

async function startApply(): Promise<Terminal> {
  const program = fileURLToPath(new URL("fixtures/apply.ts", import.meta.url));
  return openTerminal({ file: process.execPath, args: [program, folder] });
}
