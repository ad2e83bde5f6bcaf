import { expect, test } from "vitest";
import { plan, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import { agent, instance } from "../../../test/_helpers/rollout-values.ts";
import { planFirst } from "../plan/plan-release.ts";
import { next } from "../../../test/_helpers/release-world.ts";
import { strategies } from "../strategy/strategies.ts";
import { alarmsSight, colourSights, instanceSights, stageSight } from "./sight.ts";

const weights = { blue: 90, green: 10 };

test("each colour has its version and share; an update in place has both versions on one", () => {
  expect(colourSights(plan(), weights)).toEqual([
    { colour: "blue", version: "v7", weight: 90 },
    { colour: "green", version: "v8", weight: 10 },
  ]);
  expect(colourSights(rollingPlan(), { blue: 100, green: 0 })).toEqual([
    { colour: "blue", version: "v7 -> v8", weight: 100 },
  ]);
  expect(colourSights(plan(), null).map(({ weight }) => weight)).toEqual([null, null]);
});

test.each([
  ["no report yet", { agent: null }, "waiting", "booting"],
  [
    "well",
    { targetHealth: "healthy", agent: agent({ state: "healthy", detail: "GET / answered 200." }) },
    "good",
    "healthy",
  ],
  [
    "not in its target group yet",
    { targetHealth: "initial", agent: agent({ state: "healthy" }) },
    "waiting",
    "healthy, target initial",
  ],
  [
    "with traffic and an unhealthy target",
    { targetHealth: "unhealthy", agent: agent({ state: "healthy" }) },
    "bad",
    "healthy, target unhealthy",
  ],
  [
    "idle with an unhealthy target",
    { colour: "green", targetHealth: "unhealthy", agent: agent({ state: "healthy" }) },
    "waiting",
    "healthy, target unhealthy",
  ],
  [
    "pulling",
    { agent: agent({ state: "pulling", detail: "Pulling app", pulled_percent: 43 }) },
    "waiting",
    "pulling 43 %",
  ],
  [
    "starting",
    { agent: agent({ state: "starting", detail: "Starting the container." }) },
    "waiting",
    "starting",
  ],
  [
    "crashed once",
    { agent: agent({ state: "crashed", detail: "exit code 1", restarts: 1 }) },
    "bad",
    "crashed: exit code 1",
  ],
  [
    "hopeless",
    { agent: agent({ state: "out-of-memory", detail: "512 MB" }) },
    "bad",
    "out-of-memory: 512 MB",
  ],
  [
    "out of service",
    { lifecycle: "Standby", targetHealth: "unused", agent: agent({ state: "healthy" }) },
    "waiting",
    "healthy, target unused, Standby",
  ],
] as const)("an instance: %s", (_, changes, mood, state) => {
  const [seen] = instanceSights([instance(changes)], { blue: 100, green: 0 });
  expect(seen).toMatchObject({ mood, state });
});

test("an instance that ends is not shown", () => {
  expect(instanceSights([instance({ lifecycle: "Terminating:Wait" })], weights)).toEqual([]);
});

test("what starting instances set off counts once the new version has traffic, unless it never was off", () => {
  const [errors, unhealthy] = ["app-production-green-errors", "app-production-green-unhealthy"];
  const on = [errors, unhealthy].map((alarm) => ({ alarm, cause: "", where: "", detail: [] }));
  const expected = (muted: readonly string[], green: number) =>
    alarmsSight({ watched: 2, on }, plan(), muted, { blue: 100 - green, green }).on.map(
      (one) => one.expected,
    );
  expect(expected([], 0)).toEqual([false, true]);
  expect(expected([], 10)).toEqual([false, false]);
  expect(expected(["app-production-green-unhealthy"], 10)).toEqual([false, true]);
});

test("alarms that cannot be read are not said to be off", () => {
  const on = [{ alarm: "", cause: "the alarms cannot be read", where: "", detail: [] }];
  expect(alarmsSight({ watched: 2, on }, plan(), [], weights)).toEqual({
    watched: 2,
    on: [],
    canBeRead: false,
  });
});

test("a watch has its end, and every step the moment at which the release is undone", () => {
  const canary = plan({ stages: [10, 100].map((weight) => ({ weight, bakeSeconds: weight })) });
  const { machine, facts } = strategies["blue-green"];
  const state = { ...machine.start(canary, 1000), entered: 5000 };
  const see = (step: string, stage: number) => {
    const one = { ...state, step, stage };
    return stageSight(canary, one, facts(canary, one));
  };
  expect(see("wait", 0)).toMatchObject({
    share: { number: 1, of: 2 },
    ends: null,
    deadline: 601_000,
    undone: "rolled back",
  });
  expect(see("bake", 0)).toMatchObject({ began: 5000, ends: 15_000 });
  expect(see("bake", 1)).toMatchObject({ share: { number: 2, of: 2 }, ends: 105_000 });
});

test("on the way back there is no deadline any more, but a reason", () => {
  const { machine, facts } = strategies["blue-green"];
  const failure = { cause: "the container crashes", where: "", detail: [] };
  const state = {
    ...machine.start(plan(), 0),
    step: "put-back",
    outcome: "rolled-back",
    failure,
  } as const;
  expect(stageSight(plan(), state, facts(plan(), state))).toMatchObject({
    share: null,
    ends: null,
    deadline: null,
    trouble: "the container crashes",
  });
});

test("a first release is stopped, because there is nothing to roll back to", () => {
  const first = planFirst(next({ colour: "blue" }), 2, 60);
  const { machine, facts } = strategies.first;
  const state = machine.start(first, 0);
  expect(stageSight(first, state, facts(first, state)).undone).toBe("stopped");
});

test("an update in place has a watch too", () => {
  const { machine, facts } = strategies.rolling;
  const state = { ...machine.start(rollingPlan(), 0), step: "bake", entered: 0 };
  expect(stageSight(rollingPlan(), state, facts(rollingPlan(), state)).ends).toBe(10_000);
});
