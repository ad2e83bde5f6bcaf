import { expect, test } from "vitest";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { leftBehind, leftBehindText } from "./untidy.ts";

const { outputs } = stackRecord();

const leave = (step: string) =>
  leftBehind(outputs, plan(), { untidy: [{ step, reason: "AccessDenied" }] })[0];

test("a previous version that keeps running is named with the two commands that end it", () => {
  const one = leave("retire-previous");
  expect(one).toEqual({
    step: "retire-previous",
    reason: "AccessDenied",
    what: "blue keeps running, and costs money",
    commands: [
      "aws autoscaling update-auto-scaling-group --auto-scaling-group-name app-blue --min-size 0",
      "aws autoscaling update-auto-scaling-group --auto-scaling-group-name app-blue --desired-capacity 0",
    ],
  });
  expect(leftBehindText({ ...one, commands: ["a", "b"] } as never)).toBe(
    "AWS refused the step retire-previous (AccessDenied), so blue keeps running, and costs money; by hand: a && b",
  );
});

test.each([
  ["discard", /^green keeps running/, /app-green/],
  ["set-minimum", /the minimum of green is not 2/, /--min-size 2$/],
  ["close-probe", /the rule of the probe/, /describe-rules --listener-arn arn:listener/],
  ["resume-scaling", /no policy or schedule changes the size of green/, /app-(blue|green) /],
  ["resume-scaling-back", /no policy or schedule changes the size of blue/, /app-(blue|green) /],
  ["withdraw-probe", /the rule of the probe/, /describe-rules/],
])("the step %s leaves something that can be found", (step, what, command) => {
  const one = leave(step);
  expect(one?.what).toMatch(what);
  expect(one?.commands.every((line) => command.test(line))).toBe(true);
  expect(one?.commands).not.toEqual([]);
});

test("what needs no command has none, and a tidy ending leaves nothing", () => {
  expect(leave("finish")).toMatchObject({ what: "the next release tidies up", commands: [] });
  expect(leftBehind(outputs, plan(), {})).toEqual([]);
});
