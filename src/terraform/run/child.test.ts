import { EventEmitter } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createInterrupts } from "../../process/interrupts.ts";
import { stream } from "./child.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "child-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function begin(program = "console.log('at work')", stop?: AbortSignal) {
  const system = new EventEmitter();
  const interrupts = createInterrupts(system, { say: () => undefined });
  const lines: string[] = [];
  const started: number[] = [];
  const end = stream(
    {
      file: process.execPath,
      args: ["-e", program],
      folder,
      env: { ...process.env },
      interrupts,
      onStart: (pid) => started.push(pid),
      ...(stop === undefined ? {} : { stop }),
    },
    join(folder, "logs", "apply.log"),
    (line) => lines.push(line),
  );
  return { system, lines, started, end };
}

test("gives the lines and the exit code", async () => {
  const { lines, started, end } = begin();
  expect(await end).toEqual({ exitCode: 0, stoppedBy: undefined });
  expect(lines).toEqual(["at work"]);
  expect(started).toHaveLength(1);
});

test("the program starts where the user stands, whatever folder it works in", async () => {
  const { lines, end } = begin("console.log(process.cwd())");
  await end;
  expect(lines).toEqual([process.cwd()]);
});

test("a signal that comes before the program is started keeps it from being started", async () => {
  const { system, started, end } = begin();
  system.emit("SIGINT", "SIGINT");
  await expect(end).rejects.toMatchObject({ signal: "SIGINT", exitCode: 130 });
  expect(started).toEqual([]);
});

test("it is interrupted once, when it is to stop and when a signal comes after that", async () => {
  const stop = new AbortController();
  const program = `
    process.on("SIGINT", () => console.log("interrupted"));
    console.log("at work");
    setTimeout(() => undefined, 1000);
  `;
  const { system, lines, end } = begin(program, stop.signal);
  await expect.poll(() => lines).toEqual(["at work"]);
  stop.abort();
  await expect.poll(() => lines).toEqual(["at work", "interrupted"]);
  system.emit("SIGTERM", "SIGTERM");
  expect(await end).toEqual({ exitCode: 0, stoppedBy: "SIGTERM" });
  expect(lines).toEqual(["at work", "interrupted"]);
});
