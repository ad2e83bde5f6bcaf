import { expect, test } from "vitest";
import { dueActions, type ScheduledActionView } from "./schedule.ts";

const action: ScheduledActionView = {
  group: "blue",
  name: "a",
  start: 1000,
  recurrence: null,
  min: 0,
  max: null,
  desired: 0,
};

test("a one-time action is due from its time on; recurring actions are never due", () => {
  expect(dueActions([action], 999)).toEqual([]);
  expect(dueActions([action], 1000)).toEqual([action]);
  expect(dueActions([{ ...action, recurrence: "0 8 * * *" }], 2000)).toEqual([]);
});

test("actions that are due together run in the order of their times", () => {
  const later = { ...action, name: "b", start: 1500 };
  expect(dueActions([later, action], 2000)).toEqual([action, later]);
});
