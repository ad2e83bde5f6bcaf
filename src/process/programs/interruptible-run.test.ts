import { expect, test } from "vitest";
import { createRun } from "./execa-run.ts";
import { interruptibleRun } from "./interruptible-run.ts";

const run = createRun();
const reason = new Error("stopped");

test("without an interruption it is the run itself", async () => {
  const result = await interruptibleRun(
    run,
    new AbortController().signal,
  )({
    file: "echo",
    args: ["done"],
    writes: false,
  });
  expect(result).toEqual({ exitCode: 0, stdout: "done\n", stderr: "" });
});

test("a program that runs is ended, and the reason is thrown", async () => {
  const controller = new AbortController();
  const running = interruptibleRun(
    run,
    controller.signal,
  )({
    file: "sleep",
    args: ["60"],
    writes: false,
  });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});

test("a program that failed because of the same Ctrl-C is not reported as failed", async () => {
  const controller = new AbortController();
  const running = interruptibleRun(async () => {
    controller.abort(reason);
    return { exitCode: 130, stdout: "", stderr: "interrupted" };
  }, controller.signal);
  await expect(running({ file: "docker", args: [], writes: true })).rejects.toBe(reason);
});

test("nothing is started any more", async () => {
  const running = interruptibleRun(() => {
    throw new Error("it was started");
  }, AbortSignal.abort(reason));
  await expect(running({ file: "docker", args: [], writes: true })).rejects.toBe(reason);
});

test("a program's own signal still ends it, as a result", async () => {
  const own = new AbortController();
  const running = interruptibleRun(
    run,
    new AbortController().signal,
  )({
    file: "sleep",
    args: ["60"],
    writes: false,
    signal: own.signal,
  });
  own.abort();
  expect((await running).exitCode).toBe(143);
});
