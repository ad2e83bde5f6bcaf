import { expect, test } from "vitest";
import type { Look, Probe } from "../strategy/machine.ts";
import { untilNextLook } from "./pace.ts";

const good: Probe = { by: "rule", good: true, version: "v2", detail: "" };
const bad: Probe = { ...good, good: false };
const nobody = { members: [] };

test("while answers are good, the next ones are asked for soon, and less and less so", () => {
  const delays = [1, 2, 3, 4, 5].map((looks) =>
    untilNextLook("answers", { probes: [good], ...nobody }, looks),
  );
  expect(delays).toEqual([200, 400, 800, 1000, 1000]);
});

test("after a bad answer, or none, a second goes by: failures must not come faster than once a second", () => {
  expect(untilNextLook("answers", { probes: [good, bad], ...nobody }, 1)).toBe(1000);
  expect(untilNextLook("answers", { probes: [], ...nobody }, 1)).toBe(1000);
});

test("a watch that has a time is looked at once a second", () => {
  expect(untilNextLook("usual", { probes: [good], ...nobody }, 1)).toBe(1000);
});

test("instances that start are looked at once a second, and twice when only the load balancer's checks are missing", () => {
  const member = { id: "i-1", lifecycle: "InService", deployment: 2, serving: false };
  const seen = (...ready: readonly boolean[]): Pick<Look, "probes" | "members"> => ({
    probes: [],
    members: ready.map((one) => ({ ...member, ready: one })),
  });
  expect(untilNextLook("health", seen(), 1)).toBe(1000);
  expect(untilNextLook("health", seen(true, false), 9)).toBe(1000);
  expect(untilNextLook("health", seen(true, true), 9)).toBe(500);
});
