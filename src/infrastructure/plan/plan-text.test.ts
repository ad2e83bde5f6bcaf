import { expect, test } from "vitest";
import type { PlannedChange } from "../../terraform/events/terraform-events.ts";
import { planText } from "./plan-text.ts";

test("a few changes are listed, additions last", () => {
  expect(
    text([
      change("create", "aws_vpc.a"),
      change("update", "aws_lb.b"),
      change("replace", "aws_eip.c"),
    ]),
  ).toEqual(["~ aws_lb.b", "-/+ aws_eip.c", "+ aws_vpc.a"]);
});

test("many additions are counted by type", () => {
  const many = Array.from({ length: 9 }, (_, index) => change("create", `aws_subnet.s[${index}]`));
  expect(text([...many, change("create", "aws_vpc.this")])).toEqual([
    "+ 10 resources: 9 subnet, 1 vpc",
  ]);
});

test("the deletions of a whole stack are counted, one among other changes has its own line", () => {
  const many = Array.from({ length: 9 }, (_, index) => change("delete", `aws_subnet.s[${index}]`));
  expect(text(many)).toEqual(["- 9 resources: 9 subnet"]);
  expect(text([change("update", "aws_lb.b"), ...many])).toHaveLength(10);
});

test("what undoes a change by hand comes first and says so, and is not counted with others", () => {
  const many = Array.from({ length: 9 }, (_, index) => change("create", `aws_subnet.s[${index}]`));
  const byHand = [change("create", "aws_alarm.gone"), change("update", "aws_lb.b")];
  expect(
    text([...many, ...byHand, change("update", "aws_eip.c")], ["aws_alarm.gone", "aws_lb.b"]),
  ).toEqual([
    "+ aws_alarm.gone (was deleted outside infer-deploy, and is made again)",
    "~ aws_lb.b (was changed outside infer-deploy, and is changed back)",
    "~ aws_eip.c",
    "+ 9 resources: 9 subnet",
  ]);
});

function change(action: string, address: string): PlannedChange {
  return { action, address, resourceType: address.split(".")[0] ?? "" };
}

function text(
  changes: readonly PlannedChange[],
  outside: readonly string[] = [],
): readonly string[] {
  return planText({
    changes,
    outside,
    drift: [],
    outputs: {},
    summary: { add: 0, change: 0, remove: 0 },
    hasChanges: true,
  });
}
