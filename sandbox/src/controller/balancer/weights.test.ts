import fc from "fast-check";
import { expect, test } from "vitest";
import { slotCount, weightSlots } from "./weights.ts";

const weighted = fc.uniqueArray(
  fc.record({ group: fc.stringMatching(/^[a-z]{1,8}$/), weight: fc.integer({ min: 0, max: 999 }) }),
  {
    selector: ({ group }) => group,
    minLength: 1,
    maxLength: 5,
  },
);

test("there are always a hundred slots, and none for a group of weight zero", () => {
  fc.assert(
    fc.property(weighted, (weights) => {
      const slots = weightSlots(weights, "nowhere");
      expect(slots).toHaveLength(slotCount);
      for (const { group, weight } of weights) {
        if (weight === 0) expect(slots).not.toContain(group);
      }
    }),
  );
});

test("every group's share is its exact share, rounded down or up", () => {
  fc.assert(
    fc.property(weighted, (weights) => {
      const total = weights.reduce((sum, { weight }) => sum + weight, 0);
      fc.pre(total > 0);
      const slots = weightSlots(weights, "nowhere");
      for (const { group, weight } of weights) {
        const got = slots.filter((slot) => slot === group).length;
        expect(Math.abs(got - (weight * slotCount) / total)).toBeLessThan(1);
      }
    }),
  );
});

test("a heavier group never has fewer slots", () => {
  fc.assert(
    fc.property(weighted, (weights) => {
      const slots = weightSlots(weights, "nowhere");
      const count = (group: string) => slots.filter((slot) => slot === group).length;
      for (const one of weights) {
        for (const other of weights) {
          if (one.weight > other.weight)
            expect(count(one.group)).toBeGreaterThanOrEqual(count(other.group));
        }
      }
    }),
  );
});

test("the shift of a release gives exactly its percentage", () => {
  const slots = weightSlots(
    [
      { group: "blue", weight: 90 },
      { group: "green", weight: 10 },
    ],
    "nowhere",
  );
  expect(slots.filter((slot) => slot === "green")).toHaveLength(10);
});

test("when all weights are zero, every slot is nowhere", () => {
  expect(new Set(weightSlots([{ group: "blue", weight: 0 }], "nowhere"))).toEqual(
    new Set(["nowhere"]),
  );
});
