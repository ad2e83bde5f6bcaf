import { expect, test } from "vitest";
import type { ReportEvent } from "../../report/reporter.ts";
import { createProgress } from "./progress.ts";

function createBench(step: string, total: number) {
  const events: ReportEvent[] = [];
  const progress = createProgress({ notify: (event) => events.push(event) });
  progress.begin(step, total);
  const last = (): string => {
    const event = events.findLast(({ type }) => type !== "resources-seen");
    return event?.type === "step-progress" ? event.detail : (event?.type ?? "nothing");
  };
  const sight = () => {
    const event = events.findLast(({ type }) => type === "resources-seen");
    return event?.type === "resources-seen" ? event.sight : undefined;
  };
  return { progress, last, sight };
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

test("a sight has what is pending since when, what failed, and how long nothing was said", () => {
  const { progress, sight } = createBench("apply", 9);
  const lb = { address: "module.x.aws_lb.this", action: "create" };
  progress.take({ type: "apply_start", ...lb, at: 5 });
  progress.take({ type: "apply_start", address: "aws_vpc.this", action: "create", at: 7 });
  const pending = [{ address: "x.aws_lb.this", action: "create", since: 5 }];
  expect(sight()?.pending).toEqual([
    ...pending,
    { address: "aws_vpc.this", action: "create", since: 7 },
  ]);
  const failed = { address: "aws_vpc.this", action: "create", elapsedSeconds: 1, at: 8 };
  progress.take({ type: "apply_errored", ...failed });
  progress.take({ type: "heartbeat", silentSeconds: 30, stopping: false, inFlight: [] });
  expect(sight()).toEqual({
    total: 9,
    completed: 0,
    pending,
    failed: ["aws_vpc.this"],
    silentSeconds: 30,
  });
});

test("a plan, whose number of changes is not known yet, has no sight", () => {
  const { progress, sight } = createBench("plan", 0);
  progress.take({ type: "refresh_start", address: "aws_vpc.this", at });
  expect(sight()).toBeUndefined();
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
