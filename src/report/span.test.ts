import { expect, test } from "vitest";
import type { ReportEvent } from "./reporter.ts";
import { beginStep, span } from "./span.ts";

function listen() {
  const events: ReportEvent[] = [];
  return { events, reporter: { notify: (event: ReportEvent) => void events.push(event) } };
}

test("a span begins, reports its progress and ends with the work's detail", async () => {
  const { events, reporter } = listen();
  const result = await span(reporter, "push", "Push the image", async ({ progress, done }) => {
    progress("half");
    done("sha256:1");
    return 7;
  });
  expect(result).toBe(7);
  expect(events).toEqual([
    { type: "step-started", step: "push", title: "Push the image" },
    { type: "step-progress", step: "push", detail: "half" },
    { type: "step-finished", step: "push", outcome: "done", detail: "sha256:1" },
  ]);
});

test("work that throws closes its step as failed, whatever it said before", async () => {
  const { events, reporter } = listen();
  const work = span(reporter, "push", "Push the image", async ({ done }) => {
    done("sha256:1");
    throw new Error("AccessDenied");
  });
  await expect(work).rejects.toThrow("AccessDenied");
  expect(events.at(-1)).toEqual({ type: "step-finished", step: "push", outcome: "failed" });
});

test("work that had nothing to do is skipped", async () => {
  const { events, reporter } = listen();
  await span(reporter, "push", "Push the image", async ({ skipped }) => {
    skipped("already in the registry");
  });
  expect(events.at(-1)).toEqual({
    type: "step-finished",
    step: "push",
    outcome: "skipped",
    detail: "already in the registry",
  });
});

test("a step is finished once", () => {
  const { events, reporter } = listen();
  const step = beginStep(reporter, "lock", "Wait for the lock");
  step.finish("failed");
  step.finish("done");
  expect(events).toHaveLength(2);
});
