import { expect, test } from "vitest";
import type { Look, Probe } from "../strategy/machine.ts";
import { untilNextLook } from "./pace.ts";

const good: Probe = { by: "rule", good: true, version: "v2", detail: "" };
const bad: Probe = { ...good, good: false };
const plan = { stages: [{ weight: 100, bakeSeconds: 0 }] };
const nobody = { members: [] };
const probe = { step: "probe", stage: 0 };

test("while answers are good, the next ones are asked for soon, and less and less so", () => {
  const delays = [1, 2, 3, 4, 5].map((looks) =>
    untilNextLook(plan, probe, { probes: [good], ...nobody }, looks),
  );
  expect(delays).toEqual([200, 400, 800, 1000, 1000]);
});

test("after a bad answer, or none, a second goes by: failures must not come faster than once a second", () => {
  expect(untilNextLook(plan, probe, { probes: [good, bad], ...nobody }, 1)).toBe(1000);
  expect(untilNextLook(plan, probe, { probes: [], ...nobody }, 1)).toBe(1000);
});

test("a watch that has a time is looked at once a second; one without ends with the first good answers", () => {
  const bake = { step: "bake", stage: 0 };
  const watched = { stages: [{ weight: 100, bakeSeconds: 300 }] };
  expect(untilNextLook(plan, bake, { probes: [good], ...nobody }, 1)).toBe(200);
  expect(untilNextLook(watched, bake, { probes: [good], ...nobody }, 1)).toBe(1000);
});

test("instances that start are looked at once a second, and twice when only the load balancer's checks are missing", () => {
  const wait = { step: "wait", stage: 0 };
  const member = { id: "i-1", lifecycle: "InService", deployment: 2, serving: false };
  const seen = (...ready: readonly boolean[]): Pick<Look, "probes" | "members"> => ({
    probes: [],
    members: ready.map((one) => ({ ...member, ready: one })),
  });
  expect(untilNextLook(plan, wait, seen(), 1)).toBe(1000);
  expect(untilNextLook(plan, wait, seen(true, false), 9)).toBe(1000);
  expect(untilNextLook(plan, wait, seen(true, true), 9)).toBe(500);
});
