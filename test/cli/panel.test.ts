import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { repository } from "../_helpers/cli.ts";
import { instanceSight, probeSight, serviceSight } from "../_helpers/panel-sights.ts";
import { openTerminal, type Terminal } from "../_helpers/pty.ts";
import { watchScreen, type Screen } from "../_helpers/screen.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";

/** The program's own reporter on a real pseudo-terminal, seen through a terminal emulator, with a release's events. */
const begin: ReportEvent = {
  type: "step-started",
  step: "shift-25",
  title: "Give v2 25 % of the traffic, watch it for 30 s",
};
const start: ReportEvent = { type: "step-finished", step: "start", outcome: "done" };
const began = Date.now();
const inTrouble = serviceSight({
  stage: {
    share: { number: 1, of: 2 },
    began,
    ends: began + 600_000,
    deadline: began + 3_600_000,
    undone: "rolled back",
    trouble: null,
  },
  instances: [
    instanceSight(),
    instanceSight({ colour: "green", version: "v2", mood: "bad", state: "crashed: exit code 1" }),
  ],
  probes: [probeSight(), probeSight({ good: false, detail: "POST / answered 503" })],
});
const release: readonly ReportEvent[] = [
  { type: "step-started", step: "start", title: "Start 2 instances of v2 on green" },
  start,
  begin,
  { type: "service-seen", sight: inTrouble },
];

interface Options {
  readonly size?: readonly [number, number];
  readonly env?: Readonly<Record<string, string>>;
  /** The program's words after the events. */
  readonly after?: string;
  readonly json?: boolean;
  /** Does not end at a Ctrl-C, as while Terraform finishes what is in flight. */
  readonly holds?: boolean;
}

/** Reports the events, waits for a Ctrl-C or for `after`, and ends as every verb does. */
async function report(
  events: readonly ReportEvent[],
  {
    size = [80, 24],
    env = {},
    after = "await new Promise(() => {})",
    json = false,
    holds = false,
  }: Options = {},
): Promise<{ readonly terminal: Terminal; readonly screen: Screen }> {
  const from = (path: string) => JSON.stringify(join(repository, "src", path));
  // As in cli.ts: what is drawn goes away before an error is printed.
  const script = `
    const { createDeps } = await import(${from("deps.ts")});
    const { errorText } = await import(${from("errors/error-text.ts")});
    const deps = await createDeps({ quiet: false, json: ${json} }, process);
    const { reporter, interrupts } = deps;
    const stopped = new Promise((_, reject) => {
      interrupts.aborted.addEventListener("abort", () => reject(interrupts.aborted.reason));
    });
    stopped.catch(() => {});
    if (${holds}) interrupts.hold();
    const keepAlive = setInterval(() => {}, 1000);
    try {
      for (const event of ${JSON.stringify(events)}) reporter.notify(event);
      await Promise.race([${holds} ? new Promise(() => {}) : stopped, (async () => { ${after} })()]);
    } catch (error) {
      deps.endDrawing();
      process.exitCode = error.exitCode ?? 1;
      process.stderr.write(errorText(error, false));
    }
    clearInterval(keepAlive);
    interrupts.dispose();
  `;
  const { CI: _, NO_COLOR: __, LC_ALL: ___, ...inherited } = process.env;
  const terminal = await openTerminal({
    file: process.execPath,
    args: ["--input-type=module", "--eval", script],
    env: { ...inherited, TERM: "xterm-256color", LANG: "C.UTF-8", ...env },
    size,
  });
  return { terminal, screen: watchScreen(terminal, size) };
}

test.each([40, 80, 200])(
  "at %i columns the panel fits, and finished steps stand above it",
  async (columns) => {
    const { terminal, screen } = await report(release, { size: [columns, 24] });
    const rows = await screen.waitFor(/rolled back unless/);
    expect(rows[0]).toMatch(/^✔ Start 2 instances of v2 on green/);
    const text = rows.join("\n");
    expect(text).toMatch(/traffic {3}blue .* 75 %\n +green .* 25 %/);
    expect(text).toMatch(/instances ✖ .*\n? +.*crashed: exit code 1/);
    expect(text).toContain("1 of 2 failed");
    expect(text).toMatch(/1 of 2, (10|9) min( \d+ s)? left/);
    expect(await screen.hasCursor()).toBe(false);
    expect(await screen.hasColour()).toBe(true);
    await terminal.pressControlC();
    await terminal.ended;
  },
);

test("after Ctrl-C the terminal is whole: the panel is gone, the cursor shown, the error on its own line", async () => {
  const { terminal, screen } = await report(release);
  await screen.waitFor(/rolled back unless/);
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(await screen.everything()).toEqual([
    expect.stringMatching(/^✔ Start 2 instances of v2 on green/),
    "✖ Stopped by Ctrl-C",
  ]);
  expect(await screen.hasCursor()).toBe(true);
  expect(await screen.cursorColumn()).toBe(0);
  expect(await screen.modesLeft()).toEqual([]);
  expect(terminal.modes()).toHaveLength(2);
  expect(new Set(terminal.modes()).size).toBe(1);
});

// What is on its way when the window changes is read at the new width; then no program can know which rows it has.
test(
  "a window that gets narrower and wider in the middle has one panel",
  { retry: 2 },
  async () => {
    const { terminal, screen } = await report(release, { size: [200, 24] });
    await screen.waitFor(/rolled back unless/);
    const once = [/traffic {3}/g, /✔ Start 2/g, /Give v2 25/g, /alarms/g, /rolled back unless/g];
    for (const [columns, drawn] of [
      [40, /^ {2}watch it for 30 s$/m],
      [120, /i-0123456789abcdef0 green/],
      [60, /, watch it for 30 s {2}[^]*i-0…def0 green/],
    ] as const) {
      await screen.resize(columns, 24);
      await screen.waitFor(drawn);
      await vi.waitFor(async () => {
        const rows = await screen.everything();
        for (const pattern of once) {
          expect(rows.join("\n").match(pattern), rows.join("\n")).toHaveLength(1);
        }
      }, patience);
    }
    await terminal.pressControlC();
    await terminal.ended;
    expect((await screen.everything()).join("\n")).not.toContain("alarms");
  },
);

test("a note and a warning go above the panel, which stays whole", async () => {
  const { terminal, screen } = await report([
    ...release,
    { type: "warning", text: "the journal could not be written" },
    { type: "note", text: "a hook says hello" },
  ]);
  const rows = await screen.waitFor(/rolled back unless/);
  expect(rows.slice(0, 4)).toEqual([
    expect.stringContaining("✔ Start 2 instances"),
    "! the journal could not be written",
    "  a hook says hello",
    expect.stringContaining("Give v2 25 % of the traffic"),
  ]);
  await terminal.pressControlC();
  await terminal.ended;
});

test("a second Ctrl-C, which changes nothing, says so above the panel", async () => {
  const { terminal, screen } = await report(release, { holds: true });
  await screen.waitFor(/rolled back unless/);
  await terminal.pressControlC(2, 600);
  const rows = await screen.waitFor(/already stopping[^]*rolled back unless/);
  expect(rows.filter((row) => row.includes("already stopping"))).toHaveLength(1);
  expect(rows.filter((row) => row.startsWith("  traffic"))).toHaveLength(1);
  terminal.kill("SIGKILL");
  await terminal.ended;
});

test("when a release ends, its final lines stay and the panel does not", async () => {
  const { terminal, screen } = await report(
    [
      ...release,
      { type: "step-finished", step: "shift-25", outcome: "done" },
      { type: "service-left" },
    ],
    { after: "" },
  );
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
  expect(await screen.everything()).toEqual([
    expect.stringMatching(/^✔ Start 2 instances of v2 on green/),
    expect.stringMatching(/^✔ Give v2 25 % of the traffic/),
  ]);
  expect(await screen.hasCursor()).toBe(true);
});

test("NO_COLOR takes the colours and nothing else", async () => {
  const { terminal, screen } = await report(release, { env: { NO_COLOR: "1" } });
  const rows = await screen.waitFor(/rolled back unless/);
  expect(rows.join("\n")).toMatch(/traffic {3}blue {3}v1 {2}█+░+ {2}75 %/);
  expect(await screen.hasColour()).toBe(false);
  await terminal.pressControlC();
  await terminal.ended;
});

test("in a locale without UTF-8 everything is ASCII: steps, panel and spinner", async () => {
  const { terminal, screen } = await report(release, { env: { LC_ALL: "C" } });
  const rows = await screen.waitFor(/rolled back unless/);
  expect(rows[0]).toMatch(/^\+ Start 2 instances of v2 on green/);
  expect(rows.join("\n")).toMatch(/traffic {3}blue {3}v1 {2}#+-+ {2}75 %/);
  await terminal.pressControlC();
  await terminal.ended;
  // oxlint-disable-next-line no-control-regex -- control sequences are ASCII
  expect(terminal.text().replaceAll("✖ Stopped", "")).toMatch(/^[\u0000-\u007f]*$/);
});

test.each([
  ["CI", { env: { CI: "true" } }],
  ["--json", { json: true }],
  ["a dumb terminal", { env: { TERM: "dumb" } }],
])("%s: lines are appended, and nothing is drawn", async (_, options) => {
  const { terminal } = await report(
    [...release, { type: "step-finished", step: "shift-25", outcome: "done" }],
    { ...options, after: "" },
  );
  await terminal.ended;
  expect(terminal.text().split("\r\n")).toEqual([
    "· Start 2 instances of v2 on green",
    expect.stringMatching(/^✔ Start 2 instances of v2 on green/),
    "· Give v2 25 % of the traffic, watch it for 30 s",
    expect.stringMatching(/^✔ Give v2 25 % of the traffic/),
    "",
  ]);
});

/** For a busy machine. */
const patience = { timeout: 15_000, interval: 200 };
