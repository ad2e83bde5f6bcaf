import fc from "fast-check";
import { expect, test } from "vitest";
import { settleRelease, type ReleaseSettings } from "../../config/schema/release.ts";
import { strategies } from "./strategies.ts";

const settings: ReleaseSettings = {
  ...settleRelease({ bake: "30s" }, "/healthz"),
  strategy: "blue-green",
};

const stagesOf = (given: ReleaseSettings) => strategies[given.strategy].stages(given);

test("canary and linear begin with a share, blue-green does not, rolling moves no weights", () => {
  expect(stagesOf(settings)).toEqual([{ weight: 100, bakeSeconds: 30 }]);
  expect(
    stagesOf({ ...settings, strategy: "canary", canary: { weight: 5, bakeSeconds: 60 } }),
  ).toEqual([
    { weight: 5, bakeSeconds: 60 },
    { weight: 100, bakeSeconds: 30 },
  ]);
  expect(
    stagesOf({ ...settings, strategy: "linear", linear: { step: 40, intervalSeconds: 10 } }),
  ).toEqual([
    { weight: 40, bakeSeconds: 10 },
    { weight: 80, bakeSeconds: 10 },
    { weight: 100, bakeSeconds: 30 },
  ]);
  expect(stagesOf({ ...settings, strategy: "rolling" })).toEqual([]);
});

test("for every linear.step, the shares rise and end with all traffic", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (step) => {
      const linear = { step, intervalSeconds: 1 };
      const weights = stagesOf({ ...settings, strategy: "linear", linear }).map(
        ({ weight }) => weight,
      );
      expect(weights.at(-1)).toBe(100);
      expect(weights).toEqual([...new Set(weights)].toSorted((a, b) => a - b));
      expect(weights[0]).toBe(step);
    }),
  );
});
