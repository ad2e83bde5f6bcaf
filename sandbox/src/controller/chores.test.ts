import { expect, test } from "vitest";
import type { ControllerLog } from "./controller-log.ts";
import { createChores } from "./chores.ts";

function recorder(): { readonly lines: string[]; readonly log: ControllerLog } {
  const lines: string[] = [];
  return {
    lines,
    log: {
      info: (message) => lines.push(message),
      error: (message, error) => lines.push(`${message}: ${String(error)}`),
    },
  };
}

test("a failing part is recorded and stops no other; the same failure is logged once", async () => {
  const { lines, log } = recorder();
  const chores = createChores(log, () => 0);
  const broken = () => Promise.reject(new Error("no answer"));
  expect(await chores.attempt("alarms", broken)).toBeUndefined();
  await chores.attempt("alarms", broken);
  expect(chores.failing()).toEqual({ alarms: "no answer" });
  expect(await chores.attempt("alarms", async () => "fine")).toBe("fine");
  expect(chores.failing()).toEqual({});
  expect(lines).toEqual(["alarms: Error: no answer", "recovered"]);
});

test("a part keeps its own interval", async () => {
  let now = 0;
  const runs: number[] = [];
  const chores = createChores(recorder().log, () => now);
  for (now of [0, 400, 800, 1000, 1400, 2100]) {
    await chores.every(1000, "metrics", async () => {
      runs.push(now);
    });
  }
  expect(runs).toEqual([0, 1000, 2100]);
});
