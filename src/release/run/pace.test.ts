import { expect, test } from "vitest";
import type { Look, Probe } from "../strategy/machine.ts";
import { untilNextLook } from "./pace.ts";

const good: Probe = { by: "rule", good: true, version: "v2", detail: "" };
const bad: Probe = { ...good, good: false };
const nobody = { members: [] };

test("while answers are good, the next look comes soon, each time a little later", () => {
  const delays = [1, 2, 3, 4, 5].map((looks) =>
    untilNextLook("answers", { probes: [good], ...nobody }, looks),
  );
  expect(delays).toEqual([200, 400, 800, 1000, 1000]);
});

test("after a bad answer, or none, the next look comes after a second, so that failures do not add up faster", () => {
  expect(untilNextLook("answers", { probes: [good, bad], ...nobody }, 1)).toBe(1000);
  expect(untilNextLook("answers", { probes: [], ...nobody }, 1)).toBe(1000);
});

test("a watch with a duration looks once a second", () => {
  expect(untilNextLook("usual", { probes: [good], ...nobody }, 1)).toBe(1000);
});

test("starting instances get a look once a second, and twice when only the load balancer's checks are missing", () => {
  const member = { id: "i-1", lifecycle: "InService", deployment: 2, serving: false };
  const seen = (...ready: readonly boolean[]): Pick<Look, "probes" | "members"> => ({
    probes: [],
    members: ready.map((one) => ({ ...member, ready: one })),
  });
  expect(untilNextLook("health", seen(), 1)).toBe(1000);
  expect(untilNextLook("health", seen(true, false), 9)).toBe(1000);
  expect(untilNextLook("health", seen(true, true), 9)).toBe(500);
});
