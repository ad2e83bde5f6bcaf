import { expect, test } from "vitest";
import type { ReportEvent } from "../../report/reporter.ts";
import { createProgress } from "./progress.ts";

function createBench(step: string, total: number) {
  const events: ReportEvent[] = [];
  const progress = createProgress({ notify: (event) => events.push(event) });
  progress.begin(step, total);
  const last = (): string => {
    const event = events.at(-1);
    return event?.type === "step-progress" ? event.detail : (event?.type ?? "nothing");
  };
  return { progress, last };
}

const at = 0;

test("counts finished resources and names those in flight", () => {
  const { progress, last } = createBench("apply", 9);
  for (const name of ["a", "b", "c"]) {
    progress.take({
      type: "apply_start",
      address: `module.x.aws_${name}.this`,
      action: "create",
      at,
    });
  }
  expect(last()).toBe("0 of 9, now x.aws_a.this, x.aws_b.this and 1 more");
  progress.take({
    type: "apply_complete",
    address: "module.x.aws_a.this",
    action: "create",
    elapsedSeconds: 1,
    at,
  });
  expect(last()).toBe("1 of 9, now x.aws_b.this, x.aws_c.this");
});

test("data sources are not counted", () => {
  const { progress, last } = createBench("apply", 9);
  progress.take({ type: "apply_start", address: "data.aws_ami.x", action: "read", at });
  progress.take({
    type: "apply_complete",
    address: "data.aws_ami.x",
    action: "read",
    elapsedSeconds: 0,
    at,
  });
  expect(last()).toBe("nothing");
});

test("silence is shown with its length", () => {
  const { progress, last } = createBench("apply", 9);
  progress.take({ type: "heartbeat", silentSeconds: 30, stopping: false, inFlight: [] });
  expect(last()).toBe("0 of 9, no news for 30 s");
});

test("a stop is reported as a warning", () => {
  const { progress, last } = createBench("apply", 9);
  progress.take({ type: "stopping", signal: "SIGINT", inFlight: [] });
  expect(last()).toBe("warning");
});

test("the mirror that the provider comes from is named", () => {
  const events: unknown[] = [];
  const progress = createProgress({ notify: (event) => events.push(event) });
  progress.take({ type: "provider_mirror", path: "/opt/plugins" });
  expect(events).toEqual([{ type: "note", text: "the AWS provider comes from /opt/plugins" }]);
});
