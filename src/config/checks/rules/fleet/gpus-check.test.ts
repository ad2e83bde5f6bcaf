import { expect, test } from "vitest";
import type { Settings } from "../../../schema/config.ts";
import { settle } from "../../../schema/settle.ts";
import { checkGpus } from "./gpus-check.ts";

function configOf(settings: Settings) {
  return settle("app", "production", "eu-central-1", settings);
}

test.each<[Settings, "all" | number]>([
  [{}, 0],
  [{ instances: { type: "g6.12xlarge" } }, "all"],
  [{ instances: { type: "g6.12xlarge" }, container: { gpus: "none" } }, 0],
  [{ instances: { type: "g6.12xlarge" }, container: { gpus: 4 } }, 4],
  [{ workload: "gpu" }, "all"],
  // AMD's.
  [{ instances: { type: "g4ad.xlarge", machine_image: "ami-0123456789abcdef0" } }, 0],
])("%j gives the container %j", (settings, gpus) => {
  const config = configOf(settings);
  expect(config.container.gpus).toBe(gpus);
  expect([...checkGpus(config)]).toEqual([]);
});

test.each<[Settings, string, string]>([
  [
    { instances: { type: "g6.12xlarge" }, container: { gpus: 5 } },
    "5 with instances of type g6.12xlarge, which have 4",
    "at most 4 for this type",
  ],
  [
    { instances: { type: ["p5.48xlarge", "g6.12xlarge"] }, container: { gpus: 5 } },
    "5 with instances of type p5.48xlarge, g6.12xlarge, which have at least 4",
    "at most 4 for this type",
  ],
  [
    { container: { gpus: "all" } },
    "all with instances of type t3.small, which have no NVIDIA GPU",
    "none, or another instances.type",
  ],
])("%j is refused", (settings, found, allowed) => {
  expect([...checkGpus(configOf(settings))]).toMatchObject([
    {
      paths: [
        ["container", "gpus"],
        ["instances", "type"],
      ],
      found,
      allowed,
    },
  ]);
});

test("how many GPUs a type has is not known where only an own machine image drives it", () => {
  const instances = { type: "p3.16xlarge", machine_image: "ami-0123456789abcdef0" };
  expect([...checkGpus(configOf({ instances, container: { gpus: 8 } }))]).toEqual([]);
});
