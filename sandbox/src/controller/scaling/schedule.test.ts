import { expect, test } from "vitest";
import { dueActions, type ScheduledActionView } from "./schedule.ts";

const action: ScheduledActionView = {
  group: "blue",
  name: "a",
  start: 1000,
  recurrence: null,
  timeZone: null,
  min: 0,
  max: null,
  desired: 0,
};

test("a one-time action is due from its time on", () => {
  expect(dueActions([action], 0, 999)).toEqual([]);
  expect(dueActions([action], 0, 1000)).toEqual([action]);
});

test("a recurring action is due once each time, by the clock of its zone", () => {
  const daily = { ...action, start: null, recurrence: "0 8 * * *", timeZone: "Europe/Berlin" };
  const eight = Date.parse("2026-01-05T07:00:00Z");
  expect(dueActions([daily], eight - 2000, eight - 1000)).toEqual([]);
  expect(dueActions([daily], eight - 1000, eight)).toEqual([daily]);
  expect(dueActions([daily], eight, eight + 1000)).toEqual([]);
});

test("actions that are due together run in the order of their times", () => {
  const later = { ...action, name: "b", start: 1500 };
  expect(dueActions([later, action], 0, 2000)).toEqual([action, later]);
});
