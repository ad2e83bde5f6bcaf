import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { exitCodeFor, InterruptedError } from "../errors/interrupted-error.ts";
import { createInterrupts } from "./interrupts.ts";

function outputStream() {
  const written: string[] = [];
  return Object.assign(new EventEmitter(), {
    written,
    write: (text: string) => written.push(text),
  });
}

test("calls the current listeners once and remembers the first signal", () => {
  const source = new EventEmitter();
  const told: string[] = [];
  const interrupts = createInterrupts(source);
  interrupts.onSignal((signal) => told.push(`a ${signal}`));
  interrupts.onSignal((signal) => told.push(`b ${signal}`));

  for (const signal of ["SIGTERM", "SIGINT", "SIGINT", "SIGHUP"]) source.emit(signal, signal);

  expect(told).toEqual(["a SIGTERM", "b SIGTERM"]);
  expect(interrupts.signal).toBe("SIGTERM");
});

test("says once that it is already stopping", () => {
  const source = new EventEmitter();
  const said: string[] = [];
  const interrupts = createInterrupts(source, { say: (line) => said.push(line) });
  interrupts.hold();
  source.emit("SIGINT", "SIGINT");
  expect(said).toEqual([]);
  for (let press = 0; press < 5; press++) source.emit("SIGINT", "SIGINT");
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/already stopping/);
});

test("prints it on standard error by default", () => {
  const source = Object.assign(new EventEmitter(), { stderr: outputStream() });
  createInterrupts(source).hold();
  for (let press = 0; press < 3; press++) source.emit("SIGINT", "SIGINT");
  expect(source.stderr.written).toEqual(["already stopping: finishing what is in flight\n"]);
});

test("a listener that is removed, or added after the signal, is not called", () => {
  const source = new EventEmitter();
  const told: string[] = [];
  const interrupts = createInterrupts(source);
  const takeAway = interrupts.onSignal(() => told.push("removed"));
  takeAway();
  source.emit("SIGINT", "SIGINT");
  interrupts.onSignal(() => told.push("late"));
  source.emit("SIGINT", "SIGINT");
  expect(told).toEqual([]);
});

test("aborts with the error that carries the exit code", () => {
  const source = new EventEmitter();
  const interrupts = createInterrupts(source);
  expect(() => interrupts.throwIfInterrupted()).not.toThrow();
  expect(interrupts.aborted.aborted).toBe(false);

  source.emit("SIGHUP", "SIGHUP");

  expect(interrupts.aborted.reason).toBeInstanceOf(InterruptedError);
  expect(interrupts.aborted.reason).toMatchObject({ exitCode: 129, signal: "SIGHUP" });
  expect(() => interrupts.throwIfInterrupted()).toThrow(InterruptedError);
});

test("dispose takes the signals' handlers away", () => {
  const source = new EventEmitter();
  const interrupts = createInterrupts(source);
  expect(source.eventNames()).toEqual(["SIGINT", "SIGTERM", "SIGHUP"]);
  interrupts.dispose();
  expect(source.eventNames()).toEqual([]);
});

test("a failed write of the last line, after dispose, does not end the process either; listeners do not pile up", () => {
  const source = Object.assign(new EventEmitter(), { stderr: outputStream() });
  createInterrupts(source).dispose();
  createInterrupts(source).dispose();
  expect(source.stderr.listenerCount("error")).toBe(1);
  expect(() =>
    source.stderr.emit("error", Object.assign(new Error("EIO"), { code: "EIO" })),
  ).not.toThrow();
});

test("a closed terminal or pipe, and a full disk, do not end the process", () => {
  const source = Object.assign(new EventEmitter(), { stderr: outputStream() });
  createInterrupts(source);
  const failWith = (code: string) => () =>
    source.stderr.emit("error", Object.assign(new Error(code), { code }));
  expect(failWith("EIO")).not.toThrow();
  expect(failWith("EPIPE")).not.toThrow();
  expect(failWith("ENOSPC")).not.toThrow();
});

test("exit codes are 128 + the signal's number", () => {
  expect(exitCodeFor("SIGHUP")).toBe(129);
  expect(exitCodeFor("SIGINT")).toBe(130);
  expect(exitCodeFor("SIGTERM")).toBe(143);
});

function presses() {
  const source = new EventEmitter();
  const ended: string[] = [];
  let milliseconds = 0;
  const interrupts = createInterrupts(source, {
    say: () => undefined,
    exit: (signal) => ended.push(signal),
    now: () => milliseconds,
  });
  const press = (signal: string, later = 0) => {
    milliseconds += later;
    source.emit(signal, signal);
  };
  return { ended, interrupts, press };
}

test("a second signal ends the process at once, by the first one", () => {
  const { ended, press } = presses();
  press("SIGTERM");
  expect(ended).toEqual([]);
  press("SIGINT", 600);
  expect(ended).toEqual(["SIGTERM"]);
});

test("one press that arrives twice is one", () => {
  const { ended, press } = presses();
  press("SIGINT");
  press("SIGINT", 50);
  expect(ended).toEqual([]);
});

test("while something holds, a second signal does nothing; after the last one has let go, it ends the process", () => {
  const { ended, interrupts, press } = presses();
  const [one, other] = [interrupts.hold(), interrupts.hold()];
  press("SIGINT");
  press("SIGINT", 600);
  one();
  one();
  press("SIGINT", 600);
  expect(ended).toEqual([]);
  other();
  press("SIGINT", 600);
  expect(ended).toEqual(["SIGINT"]);
});

test("a run that was told to survive a hang-up does, and other signals still stop it", () => {
  const source = new EventEmitter();
  const interrupts = createInterrupts(source, { ignoresHangUp: true });
  source.emit("SIGHUP", "SIGHUP");
  expect(interrupts.signal).toBeUndefined();
  source.emit("SIGTERM", "SIGTERM");
  expect(interrupts.signal).toBe("SIGTERM");
});
