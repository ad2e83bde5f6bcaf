import { expect, test } from "vitest";
import { chooseZones, needsZones, type WantedZones, type Zone } from "./zones.ts";

/** us-east-1 as an account may see it: `a` has no NAT gateways, `b` none of the type. */
const region: readonly Zone[] = [
  { name: "us-east-1c", id: "use1-az4", offered: 1 },
  { name: "us-east-1a", id: "use1-az3", offered: 1 },
  { name: "us-east-1b", id: "use1-az2", offered: 0 },
  { name: "us-east-1d", id: "use1-az6", offered: 1 },
];

const [a, b, c, d] = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] as const;

test.each<[WantedZones, readonly string[]]>([
  [2, [c, d]],
  [3, [c, d, b]],
  [
    [b, c],
    [c, b],
  ],
  [
    [d, c],
    [d, c],
  ],
  // The user's word counts more than what is known about a zone.
  [
    [a, b],
    [b, a],
  ],
])(
  "a new stack with zones: %j gets %j, where the type is before where it is not",
  (wanted, expected) => {
    expect(chosen(wanted)).toEqual(expected);
  },
);

test.each<[WantedZones, readonly string[], readonly string[]]>([
  [2, [a, b], [a, b]],
  [2, [a, b, c], [a, b]],
  [3, [a, b], [a, b, c]],
  [
    [b, a],
    [a, b],
    [a, b],
  ],
  [
    [a, d, b],
    [a, b],
    [a, b, d],
  ],
  [
    [a, b],
    [a, b, c],
    [a, b],
  ],
])("zones: %j keeps the places of %j: %j", (wanted, kept, expected) => {
  expect(chosen(wanted, kept)).toEqual(expected);
});

test("the zones that a stack has are kept without asking for the region's", () => {
  expect(needsZones({ wanted: 2, kept: [a, b] })).toBe(false);
  expect(needsZones({ wanted: [b, a], kept: [a, b] })).toBe(false);
  expect(needsZones({ wanted: 3, kept: [a, b] })).toBe(true);
  expect(needsZones({ wanted: [a, c], kept: [a, b] })).toBe(true);
  expect(needsZones({ wanted: 2, kept: undefined })).toBe(true);
  expect(chooseZones({ wanted: 2, kept: [a, b], zones: undefined })).toEqual([a, b]);
});

test.each([[[b, c]], [[c, d]]])(
  "a stack in a and b refuses %j: its subnets would move",
  (wanted) => {
    expect(() => chosen(wanted, [a, b])).toThrow("The first zones of a stack cannot be removed.");
  },
);

test("a zone that the region does not have is refused with those that it has", () => {
  expect(() => chosen([c, "us-east-1z"])).toThrow("does not offer us-east-1z");
  expect(() => chooseZones({ wanted: 3, kept: undefined, zones: region.slice(0, 2) })).toThrow(
    "The region offers 2 availability zones to this account, not 3.",
  );
});

function chosen(wanted: WantedZones, kept?: readonly string[]): readonly string[] {
  return chooseZones({ wanted, kept, zones: region });
}
