import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cliPath, runCli } from "../_helpers/cli.ts";
import { startFakeAws, type FakeAws } from "../_helpers/fake-aws.ts";
import { openTerminal, type Terminal } from "../_helpers/pty.ts";

/** A clone of a stranger's project: its hooks are programs that would run with the credentials of the one who releases. */
let folder: string;
let aws: FakeAws;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooks-"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  const hooks = join(folder, ".infer-deploy", "hooks");
  await mkdir(hooks, { recursive: true });
  await writeFile(join(hooks, "pre-release"), "#!/bin/sh\n", { mode: 0o755 });
  aws = await startFakeAws(3);
});

afterEach(async () => {
  aws.close();
  await rm(folder, { recursive: true });
});

const question = /a program that a release runs with your credentials: .*pre-release\. Run it\?/;

test("at a terminal rollback names the hooks before it does anything, and a no ends it", async () => {
  const terminal = await open();
  await terminal.waitFor(/\[y\/N\] /);
  expect(terminal.text().replaceAll(/\s+/g, " ")).toMatch(question);
  terminal.type("n\r");
  expect(await terminal.ended).toEqual({ exitCode: 1, signal: 0 });
  expect(terminal.text()).toContain("Nothing was done, because the hooks may not run.");
});

test("with --skip-hooks, with --yes and in CI nothing is asked", async () => {
  for (const flag of ["--skip-hooks", "--yes"]) {
    const terminal = await open(flag);
    await terminal.ended;
    expect(terminal.text()).not.toContain("with your credentials");
  }
  const piped = await runCli(["rollback"], { cwd: folder, env: { ...environment(), CI: "true" } });
  expect(piped.stderr).not.toContain("with your credentials");
});

async function open(...flags: readonly string[]): Promise<Terminal> {
  const args = [cliPath, "rollback", ...flags];
  return openTerminal({ file: process.execPath, args, cwd: folder, env: environment() });
}

function environment(): Readonly<Record<string, string | undefined>> {
  const { CI: _, ...outer } = process.env;
  return { ...outer, ...aws.env, XDG_STATE_HOME: join(folder, "state"), TERM: "xterm" };
}
