import { expect, test } from "vitest";
import { outsideChanges } from "./outside-changes.ts";

type Values = Readonly<Record<string, unknown>> | null;

const resource = (address: string, action: string, before: Values, after: Values) => ({
  address,
  change: { actions: [action], before, after },
});

const alarm = { threshold: 5, tags: { team: "a", note: "b" } };

test("what someone changed, and the plan changes back, is found", () => {
  const drift = resource("aws_alarm.a", "update", alarm, { ...alarm, threshold: 900 });
  const back = resource("aws_alarm.a", "update", { ...alarm, threshold: 900 }, alarm);
  expect(outsideChanges({ resource_drift: [drift], resource_changes: [back] })).toEqual([
    "aws_alarm.a",
  ]);
});

test("what someone deleted, and the plan makes again, is found", () => {
  const drift = resource("aws_alarm.a", "delete", alarm, null);
  const again = resource("aws_alarm.a", "create", null, alarm);
  expect(outsideChanges({ resource_drift: [drift], resource_changes: [again] })).toEqual([
    "aws_alarm.a",
  ]);
  expect(outsideChanges({ resource_drift: [drift], resource_changes: [] })).toEqual([]);
});

test("a size that a release has set is none, also where the plan changes something else", () => {
  const group = { desired_capacity: 0, max_size: 4 };
  const drift = resource("aws_group.a", "update", group, { ...group, desired_capacity: 2 });
  const kept = resource("aws_group.a", "no-op", drift.change.after, drift.change.after);
  const larger = { desired_capacity: 2, max_size: 6 };
  const other = resource("aws_group.a", "update", drift.change.after, larger);
  for (const planned of [kept, other]) {
    expect(outsideChanges({ resource_drift: [drift], resource_changes: [planned] })).toEqual([]);
  }
});

test("a plan without either has none", () => {
  expect(outsideChanges({ resource_changes: [resource("a.b", "create", null, alarm)] })).toEqual(
    [],
  );
  expect(outsideChanges("")).toEqual([]);
});
