import { expect, test } from "vitest";
import type { ReportEvent } from "./reporter.ts";
import { withWholeCommands } from "./whole-commands.ts";

test("commands in warnings and notes get the flags that chose the stack", () => {
  const told: ReportEvent[] = [];
  const reporter = withWholeCommands(
    {
      notify: (event) => void told.push(event),
      ask: async () => false,
      askLine: async () => undefined,
    },
    ["up", "--sandbox", "demo"],
  );
  reporter.notify({ type: "warning", text: "check with infer-deploy lock status" });
  reporter.notify({ type: "note", text: "`infer-deploy release --version v1` is over" });
  reporter.notify({ type: "step-started", step: "plan", title: "Plan" });
  expect(told).toEqual([
    { type: "warning", text: "check with infer-deploy lock status --sandbox demo" },
    { type: "note", text: "`infer-deploy release --version v1` is over" },
    { type: "step-started", step: "plan", title: "Plan" },
  ]);
});
