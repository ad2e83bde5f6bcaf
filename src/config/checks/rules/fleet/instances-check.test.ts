import { expect, test } from "vitest";
import type { Settings } from "../../../schema/config.ts";
import { settle } from "../../../schema/settle.ts";
import { checkInstances } from "./instances-check.ts";

function problems(instances: NonNullable<Settings["instances"]>): readonly string[] {
  const config = settle("app", "production", "eu-central-1", { instances });
  return [...checkInstances(config)].map(
    ({ paths, found, allowed }) => `${paths[0].join(".")}: ${found}; ${allowed}`,
  );
}

test.each([
  [["c7i.large", "m7i.large", "t3.large"]],
  [["c7g.large", "m8g.large"]],
  [["g6.xlarge", "g5.xlarge", "g4dn.xlarge"]],
  [["p5.48xlarge", "g6.12xlarge"]],
  [["t3.small"]],
])("%j can be one list", (type) => {
  expect(problems({ type })).toEqual([]);
});

test.each([
  [
    ["c7i.large", "c7g.large"],
    "instances.type.1: c7g.large (linux/arm64) with c7i.large (linux/amd64); types of one processor",
  ],
  [
    ["g6.xlarge", "c7i.large"],
    "instances.type.1: c7i.large (no GPU) with g6.xlarge (with a GPU); types that all have GPUs, or none",
  ],
  [
    ["c7i.large", "m7i.large", "c7i.large"],
    "instances.type.2: c7i.large a second time; each type once",
  ],
  [["g6.xlarge", "p3.2xlarge"], "instances.type.1: p3.2xlarge; a type without an accelerator"],
])("%j is refused with the type's own line", (type, problem) => {
  expect(problems({ type })).toEqual([expect.stringContaining(problem)]);
});

test("Spot Instances need a place above their base, and the load balancer's API", () => {
  expect(problems({ spot: { share: 50 } })).toEqual([]);
  expect(problems({ spot: { share: 50, base: 4 } })).toEqual([
    expect.stringContaining("instances.spot.base: base 4 with max 4"),
  ]);
  const instances = { spot: { share: 50 }, machine_image: "ami-0123456789abcdef0" };
  const config = settle("app", "production", "eu-central-1", {
    instances,
    network: { egress: "endpoints" },
  });
  expect([...checkInstances(config)]).toMatchObject([
    { paths: [["instances", "spot"], expect.anything()] },
  ]);
});

test("credits are for a list of burstable types", () => {
  expect(problems({ type: ["t3.small", "t3a.small"], cpu_credits: "standard" })).toEqual([]);
  expect(problems({ type: ["t3.small", "c7i.large"], cpu_credits: "standard" })).toEqual([
    expect.stringContaining("instances.cpu_credits: standard with c7i.large"),
  ]);
});
