import * as field from "../../fields/fields.ts";
import { key } from "../../fields/keys.ts";
import type { ScalingMetric } from "./scaling.ts";

/** What a kind of load usually wants. Each value is a default only: its own key overrides it. */
export interface WorkloadProfile {
  readonly type: string;
  readonly diskGb: number;
  readonly p99: string;
  readonly metric: ScalingMetric;
  /** Why, for the plan. */
  readonly reason: string;
}

export const workloads = ["latency", "throughput", "memory", "gpu", "arm"] as const;

export type Workload = (typeof workloads)[number];

export const workload = key(
  field.choice(workloads),
  "What the service is measured by. It chooses instances.type, instances.disk, alarms.p99 and scaling.metric, which their own keys override; plan prints the choice and its reason. No profile has a burstable type.",
);

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html */
export const profiles: Readonly<Record<Workload, WorkloadProfile>> = {
  latency: {
    type: "c7i.large",
    diskGb: 30,
    p99: "1s",
    metric: "requests",
    reason:
      "fast cores without CPU credits, because one slow request counts; requests rise before the processors are full",
  },
  throughput: {
    type: "c7i.2xlarge",
    diskGb: 30,
    p99: "10s",
    metric: "cpu",
    reason:
      "more cores for large batches, whose requests differ too much to be counted; a slow answer is no failure",
  },
  memory: {
    type: "r7i.large",
    diskGb: 60,
    p99: "5s",
    metric: "cpu",
    reason: "eight GB for each core, and room on the disk for an image with large weights twice",
  },
  gpu: {
    type: "g6.xlarge",
    diskGb: 150,
    p99: "5s",
    metric: "requests",
    reason:
      "an NVIDIA L4 with 24 GB, the smallest current GPU for inference; images with CUDA are ten GB and more, and disks of 100 GB are twice as fast",
  },
  arm: {
    type: "c7g.large",
    diskGb: 30,
    p99: "2s",
    metric: "requests",
    reason:
      "Graviton cores cost about a fifth less than the same number of x86 cores; the image is built for arm64",
  },
};
