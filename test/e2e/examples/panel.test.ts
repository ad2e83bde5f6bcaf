import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cliPath } from "../../_helpers/cli.ts";
import { openTerminal, type Terminal } from "../../_helpers/pty.ts";
import {
  createReleaseProject,
  releaseArgs,
  type ReleaseProject,
} from "../../_helpers/release-project.ts";
import { watchScreen, type Screen } from "../../_helpers/screen.ts";

/** What a person at a terminal of 80 columns sees of `up`, of a release that is rolled back or stopped, and of `status --watch` next to it. */
let app: ReleaseProject;

beforeAll(async () => {
  app = await createReleaseProject("panel", { alarms: { p99: "20s" } });
});

afterAll(async () => app.project.remove());

const window = [80, 24] as const;

async function open(
  verb: string,
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<{ readonly terminal: Terminal; readonly screen: Screen }> {
  const { CI: _, NO_COLOR: __, ...env } = app.project.env;
  const terminal = await openTerminal({
    file: process.execPath,
    args: [cliPath, verb, "--sandbox", app.project.sandbox, ...args],
    cwd: app.project.folder,
    env: { ...env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", ...changes },
    size: window,
  });
  return { terminal, screen: watchScreen(terminal, window, 300_000) };
}

/** Signs of the panel, which must not stay when it is gone. */
const drawn = /[█░▁]|unless done in|alarms {4}/;

test("up: a bar over the resources, and the load balancer pending since when", async () => {
  const { terminal, screen } = await open("up", ["--yes", ...releaseArgs("v1")]);
  const rows = await screen.waitFor(/load_balancer\.aws_lb\.this +[1-5]\d s/);
  const text = rows.join("\n");
  expect(text).toMatch(/. Apply the infrastructure {2}\d+ s\n {2}█+.?░* {2}\d+ of \d+\n/);
  expect(text).toMatch(/\n {2}create {2}load_balancer\.aws_lb\.this/);
  await screen.waitFor(/Start the instances[^]*instances · i-[\da-f]{17} blue {2}- +booting/);
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
  const all = (await screen.everything()).join("\n");
  expect(all).not.toMatch(drawn);
  expect(all).toMatch(/✔ Apply the infrastructure: \d+ to add/);
  expect(all).toContain("✔ Start the instances");
  expect(await screen.hasCursor()).toBe(true);
});

test("Ctrl-C while a canary has its share: v1 serves all, and the terminal is as it was before", async () => {
  await app.up("v1");
  const load = app.load(20);
  const args = ["--strategy", "canary", "--canary-weight", "25", "--bake", "10m"];
  const { terminal, screen } = await open("release", releaseArgs("stopped", { args }));
  await screen.waitFor(/blue {3}v1 .* 75 %\n +green {2}stopped .* 25 %/);
  const before = terminal.text().length;
  await terminal.pressControlC();
  await screen.waitFor(/Give v1 all traffic back[^]* blue {3}v1 .* 100 %/);
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  const samples = await load.stop();
  expect(samples.filter(({ status }) => status !== 200)).toEqual([]);

  const rows = await screen.everything();
  expect(rows.join("\n")).not.toMatch(drawn);
  expect(rows.join("")).toMatch(
    /✖ Give stopped 25 % of the traffic.*✔ Give v1 all traffic back.*✖ Release 2 \(stopped\) was stopped by Ctrl-C\. {2}why: {3}v1 has all traffic, the lock is released {2}next: {2}infer-deploy release .* starts it again$/,
  );
  expect(rows.join("")).not.toContain("^C");
  expect(stripVTControlCharacters(terminal.text().slice(before))).not.toMatch(/cannot be \w+ now/);
  expect(await screen.hasCursor()).toBe(true);
  expect(await screen.cursorColumn()).toBe(0);
  expect(await screen.modesLeft()).toEqual([]);
  const [atFirst, atLast] = terminal.modes();
  expect(atLast).toBe(atFirst);

  expect(await app.status()).toMatchObject({
    active: { version: "v1", weight: 100 },
    release: { version: "stopped", outcome: "cancelled" },
    rollout: null,
  });
  await app.project.runPrinted({ stderr: terminal.text(), stdout: "" }, "--dry-run");
});

test("a bad canary: the shares, its failures and the way back are seen, also from another terminal", async () => {
  const load = app.load(20);
  const args = releaseArgs("worse", {
    breakage: "errors",
    args: ["--strategy", "canary", "--canary-weight", "25", "--bake", "10m"],
  });
  const [release, status] = await Promise.all([
    open("release", args),
    open("status", ["--watch"], { LC_ALL: "C", NO_COLOR: "1" }),
  ]);
  const { terminal, screen } = release;
  const starting = await screen.waitFor(/green worse (booting|pulling|starting|healthy)/);
  expect(starting.join("\n")).toMatch(/traffic {3}blue {3}v1 .*100 %\n +green {2}worse .* 0 %\n/);

  const watched = await status.screen.waitFor(/progress {2}release 3 \(worse\) by /);
  expect(watched.join("\n")).toMatch(/service {3}panel \(production\) in eu-west-1\n/);
  expect(watched.join("\n")).toMatch(/traffic {3}blue {3}v1 .*#+ +100 %\n +green {2}worse /);
  expect(watched.join("")).toMatch(/^[ -~]*$/);
  expect(await status.screen.hasColour()).toBe(false);

  const shifted = await screen.waitFor(/blue {3}v1 .* 75 %\n +green {2}worse .* 25 %/);
  expect(shifted.join("\n")).toMatch(/stage {5}\S+ {2}1 of 2, \d\.\d s left\n/);
  await screen.resize(40, 24);
  const back = (await screen.waitFor(/because {3}\S/)).join("\n");
  expect(back).toMatch(/probe {5}.*\d+ of \d+ failed\n/);
  expect(back.replaceAll(/\s+/g, " ")).toContain("answered 500 instead of 200");
  expect(back).not.toMatch(/unless done in/);
  expect(await terminal.ended).toEqual({ exitCode: 3, signal: 0 });
  await load.stop();
  const all = (await screen.everything()).join("\n");
  expect(all).not.toMatch(drawn);
  expect(all.replaceAll("\n", "")).toMatch(
    /✖ Give worse 25 % of the traffic.*✔ Give v1 all traffic back.*✖ worse was rolled back: /,
  );
  expect(await screen.hasCursor()).toBe(true);
  expect(await screen.cursorColumn()).toBe(0);

  await status.screen.waitFor(/release {3}3 \(worse\) rolled-back/);
  await status.terminal.pressControlC();
  await status.terminal.ended;
  const left = (await status.screen.everything()).join("\n");
  expect(left).toContain("  active    v1 on blue, weight 100");
  expect(left).not.toContain("traffic   ");
  expect(await status.screen.hasCursor()).toBe(true);
  expect((await app.run("releases")).stdout).toContain("worse");
});
