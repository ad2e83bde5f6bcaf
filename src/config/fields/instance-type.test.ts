import { expect, test } from "vitest";
import { acceleratorOf, instanceTypePattern, platformOf } from "./instance-type.ts";

const arm =
  "a1.large c6g.medium c6gn.xlarge c7gd.metal t4g.small m7g.2xlarge r8gb.large x2gd.large im4gn.large is4gen.large g5g.xlarge hpc7g.4xlarge p6e-gb200.36xlarge";
const intel =
  "t3.small t3a.nano m7i.large m7i-flex.large c5.9xlarge g4dn.xlarge g4ad.xlarge g5.48xlarge g6e.12xlarge gr6.4xlarge p5en.48xlarge p6-b200.48xlarge inf2.xlarge trn1n.32xlarge u7i-12tb.224xlarge u-6tb1.56xlarge m7i.metal-24xl";

test.each(arm.split(" "))("%s runs linux/arm64", (type) => {
  expect(type).toMatch(instanceTypePattern);
  expect(platformOf(type)).toBe("linux/arm64");
});

test.each(intel.split(" "))("%s runs linux/amd64", (type) => {
  expect(type).toMatch(instanceTypePattern);
  expect(platformOf(type)).toBe("linux/amd64");
});

test.each([
  ["g3s.xlarge", "GPU"],
  ["g4dn.xlarge", "GPU"],
  ["g4ad.xlarge", "GPU"],
  ["g5.48xlarge", "GPU"],
  ["g5g.xlarge", "GPU"],
  ["g6e.12xlarge", "GPU"],
  ["gr6.4xlarge", "GPU"],
  ["p3dn.24xlarge", "GPU"],
  ["p6-b200.48xlarge", "GPU"],
  ["p6e-gb200.36xlarge", "GPU"],
  ["inf2.xlarge", "Inferentia chip"],
  ["trn1n.32xlarge", "Trainium chip"],
  ["dl2q.24xlarge", "deep learning accelerator"],
  ["vt1.3xlarge", "video accelerator"],
  ["f2.6xlarge", "FPGA"],
])("%s has a %s", (type, accelerator) => {
  expect(type).toMatch(instanceTypePattern);
  expect(acceleratorOf(type)).toBe(accelerator);
});

test.each(
  "t3.small t4g.small c7g.large c7gn.2xlarge m7i-flex.large r8gb.large im4gn.large is4gen.large hpc7g.4xlarge u7i-12tb.224xlarge x2gd.large i4i.large d3en.xlarge h1.2xlarge z1d.large mac2.metal a1.large".split(
    " ",
  ),
)("%s has none", (type) => {
  expect(acceleratorOf(type)).toBeNull();
});

test.each([
  "t3",
  "small",
  "t3.",
  ".small",
  "T3.small",
  "t3.tiny",
  "t3.0xlarge",
  "t3.small ",
  "-t3.small",
  "3t.small",
])("%j is no instance type", (type) => {
  expect(type).not.toMatch(instanceTypePattern);
});
