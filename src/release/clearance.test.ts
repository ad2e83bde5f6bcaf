import { expect, test } from "vitest";
import { releaseWorld } from "../../test/_helpers/release-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { config, intent } from "../../test/_helpers/session-world.ts";
import { clear } from "./clearance.ts";
import { readServing } from "./observe/serving.ts";

const stack = stackRecord();

interface Case {
  readonly on?: readonly string[];
  readonly missing?: readonly string[];
  readonly force?: boolean;
  readonly strategy?: "blue-green" | "rolling";
  readonly further?: readonly string[];
  readonly minimum?: number;
}

/** v7 serves on blue; the alarms are as the case says. */
async function cleared({ on = [], missing = [], ...rest }: Case = {}) {
  const { deps, stack: fake } = releaseWorld();
  for (const name of on) fake.alarmsOn.add(name);
  for (const name of missing) fake.alarmsMissing.add(name);
  const { strategy = "blue-green", further = [], force = false, minimum = 2 } = rest;
  const settings = { ...config().release, strategy, alarms: further };
  const serving = await readServing(deps, stack);
  const wanted = intent({ settings, force });
  const found = await clear(deps.alarms, stack.outputs, serving, wanted, minimum);
  return { alarms: found.alarms, what: found.objections.map((one) => one.what) };
}

const green = (kind: string): string => `app-production-green-${kind}`;

test("a quiet stack: no objections, and the alarms of the colour that the release goes to", async () => {
  expect(await cleared({ further: ["mine"] })).toEqual({
    what: [],
    alarms: [
      green("errors"),
      green("latency"),
      green("unhealthy"),
      "app-production-unanswered",
      "mine",
    ],
  });
  const rolling = await cleared({ strategy: "rolling" });
  expect(rolling.alarms).toContain("app-production-blue-errors");
  expect(rolling.alarms).not.toContain(green("errors"));
});

test("an alarm that is on already forbids the release", async () => {
  const { what, alarms } = await cleared({ on: [green("errors")] });
  expect(what).toEqual([expect.stringContaining(`the alarm ${green("errors")} is already on`)]);
  expect(alarms).toContain(green("errors"));
});

test("with --force it goes without that alarm, and with all others", async () => {
  const { what, alarms } = await cleared({ on: [green("errors")], force: true });
  expect(what).toEqual([]);
  expect(alarms).toEqual([green("latency"), green("unhealthy"), "app-production-unanswered"]);
});

test("the alarm that the start of instances sets off forbids nothing, and is watched all the same", async () => {
  for (const force of [false, true]) {
    const { what, alarms } = await cleared({ on: [green("unhealthy")], force });
    expect(what).toEqual([]);
    expect(alarms).toContain(green("unhealthy"));
  }
});

test("that alarm is an objection when it does not exist", async () => {
  const { what } = await cleared({ missing: [green("unhealthy")] });
  expect(what).toEqual([expect.stringContaining(`the alarm ${green("unhealthy")} does not exist`)]);
});

test("the other colour's alarms say nothing about this release", async () => {
  expect((await cleared({ on: ["app-production-blue-unhealthy"] })).what).toEqual([]);
});

test("--force does not help where a missing alarm or too little room forbids it", async () => {
  const both = { on: [green("errors")], missing: ["mine"], further: ["mine"], minimum: 9 };
  expect((await cleared(both)).what).toHaveLength(3);
  expect((await cleared({ ...both, force: true })).what).toEqual([
    expect.stringContaining("needs 9 instances on green"),
    expect.stringContaining("the alarm mine does not exist"),
  ]);
});

test("room is needed for as many as serve, even above the minimum", async () => {
  const { deps, stack: fake } = releaseWorld();
  Object.assign(fake.groups.blue, { desired: 4 });
  fake.groups.green.max = 3;
  const serving = await readServing(deps, stack);
  const { objections } = await clear(deps.alarms, stack.outputs, serving, intent(), 2);
  expect(objections[0]?.what).toContain("needs 4 instances on green");
});
