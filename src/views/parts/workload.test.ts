import { expect, test } from "vitest";
import { isBurstable } from "../../config/fields/instance-type.ts";
import type { Settings } from "../../config/schema/config.ts";
import { workloads } from "../../config/schema/fleet/workload.ts";
import { settle } from "../../config/schema/settle.ts";
import { workloadLines } from "./workload.ts";

const settled = (settings: Settings) => settle("my-api", "production", "eu-central-1", settings);

test("the line has what the workload chose, and why", () => {
  expect(workloadLines(settled({ workload: "memory", scaling: { target: 60 } }))).toEqual([
    "workload memory: r7i.large with 60 GB, alarm at a p99 of 5s, scaling by cpu (eight GB for each core, and room on the disk for an image with large weights twice)",
  ]);
  expect(workloadLines(settled({}))).toEqual([]);
});

test("each choice is overridden by its own key, and the reason says so", () => {
  const own = {
    workload: "memory",
    instances: { type: "r7g.xlarge", disk: 40 },
    alarms: { p99: "9s" },
    scaling: { target: 600, metric: "requests" },
  } as const;
  expect(workloadLines(settled(own))).toEqual([
    "workload memory: r7g.xlarge with 40 GB, alarm at a p99 of 9s, scaling by requests (instances.type is your own instead of r7i.large)",
  ]);
});

test.each(workloads)(
  "the workload %s has no burstable type, and its image fits the processor",
  (workload) => {
    const { instances, image } = settled({ workload });
    expect(isBurstable(instances.type)).toBe(false);
    expect(image.platform).toBe(workload === "arm" ? "linux/arm64" : "linux/amd64");
  },
);
