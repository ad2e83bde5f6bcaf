import { expect, test } from "vitest";
import { profiles } from "../config/schema/fleet/workload.ts";
import { nextSmaller, packagedInstanceHour } from "./instance-table.ts";

test.each([
  ["us-east-1", "t3.small", 0.0208],
  ["eu-central-1", "t3.medium", 0.048],
  ["us-east-1", "c7i.48xlarge", 8.568],
  ["eu-central-1", "c7i.2xlarge", 0.4074],
  ["us-west-2", "c7g.medium", 0.03625],
  ["eu-west-1", "r7i.large", 0.14805],
  ["eu-central-1", "g6.xlarge", 1.0064],
  ["us-east-2", "m7i.xlarge", 0.2016],
  // The table does not know these.
  ["eu-central-1", "m7i.xlarge", null],
  ["eu-west-1", "g6.xlarge", null],
  ["us-east-1", "c7i.3xlarge", null],
  ["us-east-1", "t3.48xlarge", null],
  ["us-east-1", "c7i.metal-24xl", null],
  ["af-south-1", "t3.small", null],
])("%s, %s: %s USD an hour", (region, type, usd) => {
  expect(packagedInstanceHour(region, type)).toBe(usd);
});

test("every type that a workload chooses has a price in Frankfurt and in Virginia", () => {
  for (const { type } of Object.values(profiles)) {
    expect(packagedInstanceHour("eu-central-1", type), type).toBeGreaterThan(0);
    expect(packagedInstanceHour("us-east-1", type), type).toBeGreaterThan(0);
  }
});

test("the next smaller size", () => {
  expect(nextSmaller("c7i.xlarge")).toBe("c7i.large");
  expect(nextSmaller("c7i.24xlarge")).toBe("c7i.16xlarge");
  expect(nextSmaller("c7i.large")).toBeNull();
  expect(nextSmaller("x9.huge")).toBeNull();
});
