import { expect, test } from "vitest";
import { fewestGpus, gpuCountOf, hasNvidiaGpus, isGpuType } from "./gpu-types.ts";
import { instanceTypePattern } from "./instance-type.ts";

test.each([
  ["g4dn.xlarge", 1],
  ["g4dn.12xlarge", 4],
  ["g5.48xlarge", 8],
  ["g5g.16xlarge", 2],
  ["g6.xlarge", 1],
  ["gr6.4xlarge", 1],
  ["g6e.12xlarge", 4],
  ["p4de.24xlarge", 8],
  ["p5.4xlarge", 1],
  ["p5.48xlarge", 8],
  ["p6-b200.48xlarge", 8],
  ["p6e-gb200.36xlarge", 4],
])("%s has %i GPUs", (type, count) => {
  expect(type).toMatch(instanceTypePattern);
  expect(gpuCountOf(type)).toBe(count);
  expect(isGpuType(type)).toBe(true);
});

test.each([
  "t3.small",
  "c7g.xlarge",
  "g3s.xlarge",
  "g4ad.xlarge",
  "g6f.large",
  "p3.2xlarge",
  "p3dn.24xlarge",
  "inf2.xlarge",
  "trn1n.32xlarge",
  "g6.metal",
  "constructor.name",
])("%s has no GPU that the image drives", (type) => {
  expect(gpuCountOf(type)).toBeNull();
});

test("an own machine image may drive NVIDIA's older GPUs, but not AMD's", () => {
  expect(hasNvidiaGpus("p3.2xlarge")).toBe(true);
  expect(hasNvidiaGpus("g6.xlarge")).toBe(true);
  expect(hasNvidiaGpus("g4ad.xlarge")).toBe(false);
  expect(hasNvidiaGpus("inf2.xlarge")).toBe(false);
});

test("a list of types has as many GPUs as the type with the fewest", () => {
  expect(fewestGpus(["p5.48xlarge", "g6.12xlarge"])).toBe(4);
  expect(fewestGpus(["g6.xlarge"])).toBe(1);
  expect(fewestGpus(["g6.xlarge", "p3.2xlarge"])).toBeNull();
  expect(fewestGpus(["t3.small", "g6.xlarge"])).toBeNull();
});
