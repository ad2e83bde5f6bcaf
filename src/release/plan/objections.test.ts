import { expect, test } from "vitest";
import { served } from "../../../test/_helpers/release-world.ts";
import { agent, instance, snapshot } from "../../../test/_helpers/rollout-values.ts";
import type { InstanceSnapshot } from "../observe/snapshot.ts";
import { strategies } from "../strategy/strategies.ts";
import { findObjections, refuse, type PreflightFacts } from "./objections.ts";

const healthy = (id: string, changes: Partial<InstanceSnapshot> = {}): InstanceSnapshot =>
  instance({ id, targetHealth: "healthy", agent: agent({ state: "healthy" }), ...changes });

/** v7 serves with two healthy instances, and nothing forbids a release. */
function facts(changes: Partial<PreflightFacts> = {}): PreflightFacts {
  const group = { min: 2, desired: 2, max: 4, launchFailure: null };
  return {
    fleet: {
      weights: { blue: 100, green: 0 },
      groups: { blue: group, green: { ...group, min: 0, desired: 0 } },
      instances: [healthy("i-1"), healthy("i-2")],
    },
    active: served(),
    strategy: strategies["blue-green"],
    instances: 2,
    batch: 1,
    alarms: [{ name: "errors", state: "OK", reason: "" }],
    ...changes,
  };
}

const fleet = (changes: Partial<PreflightFacts["fleet"]>): Partial<PreflightFacts> => ({
  fleet: { ...facts().fleet, ...changes },
});

/** The words of each objection, and whether --force skips it. */
function objections(changes: Partial<PreflightFacts>): readonly (readonly [string, boolean])[] {
  return findObjections(facts(changes)).map(({ what, canForce }) => [what, canForce]);
}

test("a stack that serves with quiet alarms has no objections", () => {
  expect(objections({})).toEqual([]);
  const early = [{ name: "errors", state: "INSUFFICIENT_DATA", reason: "" }];
  expect(objections({ alarms: early })).toEqual([]);
});

test("traffic on both colours", () => {
  const split = fleet({ weights: { blue: 90, green: 10 } });
  expect(objections(split)).toEqual([
    [expect.stringContaining("both colours have traffic (blue 90, green 10)"), true],
  ]);
});

test.each<[string, readonly InstanceSnapshot[], number]>([
  ["one of two is unhealthy", [healthy("i-1"), healthy("i-2", { targetHealth: "unhealthy" })], 1],
  ["one has not reported", [healthy("i-1"), healthy("i-2", { agent: null })], 1],
  [
    "one runs another release",
    [healthy("i-1"), healthy("i-2", { agent: agent({ release: 6, state: "healthy" }) })],
    1,
  ],
  ["the healthy ones are on the other colour", [healthy("i-1", { colour: "green" })], 0],
  ["there are none", [], 0],
])("a serving version that is not healthy: %s", (_, instances, count) => {
  expect(objections(fleet({ instances }))).toEqual([
    [`the serving version v7 is not healthy: ${count} of 2 instances on blue`, true],
  ]);
});

test("a group without a minimum still needs one healthy instance", () => {
  const { groups } = facts().fleet;
  const none = { ...groups, blue: { ...groups.blue, min: 0 } };
  expect(objections(fleet({ groups: none, instances: [] }))).toEqual([
    [expect.stringContaining("0 of 1 instances"), true],
  ]);
});

test("a colour that is too small for another version next to the old one; rolling needs no room", () => {
  const [objection] = findObjections(facts({ instances: 5 }));
  expect(objection).toEqual({
    what: expect.stringMatching(/5 instances on green.* 4$/),
    next: expect.stringContaining("instances.max"),
    canForce: false,
  });
  expect(objections({ instances: 5, strategy: strategies.rolling })).toEqual([]);
});

test("rolling needs an instance that serves meanwhile", () => {
  expect(objections({ strategy: strategies.rolling, batch: 2 })).toEqual([
    [expect.stringMatching(/^rolling takes 2 of 2 instances out at a time/), false],
  ]);
});

test("an alarm that is on, with CloudWatch's reason, and one that does not exist", () => {
  const alarms = [
    { name: "errors", state: "ALARM", reason: "Threshold Crossed" },
    { name: "latency", state: "ALARM", reason: "" },
    { name: "mine", state: "MISSING", reason: "" },
  ];
  expect(objections({ alarms })).toEqual([
    ["the alarm errors is already on (Threshold Crossed)", true],
    ["the alarm latency is already on", true],
    [expect.stringContaining("the alarm mine does not exist"), false],
  ]);
});

test("nothing to object to refuses nothing", () => {
  expect(() => refuse([], "v8")).not.toThrow();
});

test("one reason is the error itself, with what helps", () => {
  const [one] = findObjections(facts(fleet({ weights: { blue: 50, green: 50 } })));
  expect(() => refuse(one === undefined ? [] : [one], "v8")).toThrow(
    expect.objectContaining({
      exitCode: 1,
      message: expect.stringMatching(/^v8 cannot be released now: both colours have traffic .*\.$/),
      next: one?.next,
    }),
  );
});

test("two reasons are one error, each with what helps", () => {
  const both = findObjections(facts({ ...fleet({ instances: [] }), instances: 9 }));
  expect(both).toHaveLength(2);
  expect(() => refuse(both, "v8")).toThrow(
    expect.objectContaining({
      message: "v8 cannot be released now, for 2 reasons.",
      detail: both.flatMap(({ what, next }) => [what, `  next: ${next}`]),
    }),
  );
});

test("the snapshot of a stack that status shows is judged in the same way", () => {
  const { weights, instances } = snapshot({ instances: [healthy("i-1")] });
  expect(objections(fleet({ weights, instances }))).toHaveLength(1);
});
