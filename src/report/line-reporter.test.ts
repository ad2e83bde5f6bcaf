import { expect, test } from "vitest";
import { createLineReporter } from "./line-reporter.ts";

function createBench(quiet = false) {
  let now = 0;
  let written = "";
  const ticks = new Set<() => void>();
  const reporter = createLineReporter({
    write: (text) => {
      written += text;
    },
    now: () => now,
    every: (_milliseconds, callback) => {
      ticks.add(callback);
      return () => ticks.delete(callback);
    },
    quiet,
    silence: "no one is there",
  });
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1000;
      for (const tick of ticks) {
        tick();
      }
    }
  };
  return {
    reporter,
    pass,
    lines: () => written.split("\n").slice(0, -1),
    timers: () => ticks.size,
  };
}

test("a silent step gets a heartbeat with what it last said", () => {
  const bench = createBench();
  bench.reporter.notify({ type: "step-started", step: "apply", title: "Apply" });
  bench.reporter.notify({ type: "step-progress", step: "apply", detail: "3 of 9" });
  bench.pass(31);
  bench.reporter.notify({
    type: "step-finished",
    step: "apply",
    outcome: "done",
    detail: "9 added",
  });
  expect(bench.lines()).toEqual([
    "· Apply",
    "· Apply: 3 of 9 (15 s so far)",
    "· Apply: 3 of 9 (30 s so far)",
    "✔ Apply: 9 added, 31 s",
  ]);
  expect(bench.timers()).toBe(0);
});

test("quiet leaves warnings", () => {
  const bench = createBench(true);
  bench.reporter.notify({ type: "step-started", step: "a", title: "A" });
  bench.reporter.notify({ type: "note", text: "n" });
  bench.reporter.notify({ type: "warning", text: "careful" });
  bench.reporter.notify({ type: "step-finished", step: "a", outcome: "failed" });
  expect(bench.lines()).toEqual(["! careful"]);
});

test("a question without a terminal says why it cannot be answered, and names the flag", async () => {
  await expect(createBench().reporter.ask("Apply this?", "--yes")).rejects.toMatchObject({
    exitCode: 64,
    message: 'This question needs an answer: "Apply this?", but no one is there.',
    next: "add --yes",
  });
});
