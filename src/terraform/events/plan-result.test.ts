import { expect, test } from "vitest";
import type { TerraformEvent } from "./terraform-events.ts";
import { collectApply, collectPlan } from "./plan-result.ts";

const change = (address: string, action: string) => ({ address, resourceType: "aws_vpc", action });

test("a plan has its changes, its drift and the outputs that change", () => {
  const events: readonly TerraformEvent[] = [
    { type: "resource_drift", change: change("aws_vpc.a", "update") },
    { type: "planned_change", change: change("aws_vpc.a", "replace") },
    { type: "planned_change", change: change("data.aws_ami.x", "read") },
    { type: "change_summary", operation: "plan", summary: { add: 1, change: 0, remove: 1 } },
    {
      type: "outputs",
      outputs: {
        url: { sensitive: false, action: "update" },
        id: { sensitive: false, action: "noop" },
      },
    },
  ];
  expect(collectPlan(events, true)).toEqual({
    changes: [change("aws_vpc.a", "replace")],
    drift: [change("aws_vpc.a", "update")],
    outputs: { url: { sensitive: false, action: "update" } },
    summary: { add: 1, change: 0, remove: 1 },
    hasChanges: true,
  });
});

test("an apply has its summary and the values that are not secret", () => {
  const events: readonly TerraformEvent[] = [
    { type: "change_summary", operation: "apply", summary: { add: 2, change: 0, remove: 0 } },
    {
      type: "outputs",
      outputs: { url: { sensitive: false, value: "http://a" }, key: { sensitive: true } },
    },
  ];
  expect(collectApply(events)).toEqual({
    summary: { add: 2, change: 0, remove: 0 },
    outputs: { url: "http://a" },
  });
  expect(collectApply([])).toEqual({ summary: { add: 0, change: 0, remove: 0 }, outputs: {} });
});
