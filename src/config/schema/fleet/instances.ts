import * as z from "zod/mini";
import { secondsOf } from "../../fields/time/duration.ts";
import * as field from "../../fields/fields.ts";
import { isGpuType } from "../../fields/gpu-types.ts";
import { instanceTypePattern } from "../../fields/instance-type.ts";
import { group, key } from "../../fields/keys.ts";
import type { WorkloadProfile } from "./workload.ts";

/** Which instances are Spot. */
export interface SpotSettings {
  /** Per cent of the instances above `base`. */
  readonly share: number;
  /** On-Demand instances that a colour has first. */
  readonly base: number;
}

/** The machines, for each colour. */
export interface InstanceSettings {
  readonly type: string;
  /** What AWS starts, in this order, where it has no capacity for `type`; of the same processor and kind. */
  readonly otherTypes: readonly string[];
  /** Null: every instance is On-Demand. */
  readonly spot: SpotSettings | null;
  readonly cpuCredits: "standard" | "unlimited";
  readonly min: number;
  readonly max: number;
  readonly diskGb: number;
  /** Time from the launch until the container starts. */
  readonly bootTimeoutSeconds: number;
  /** Null for the agent's default: the instance's memory less 512 MB or 5 % for the host, whichever is more. */
  readonly memoryMb: number | null;
  /** AMI id of the user's own machine image; null for Canonical's Ubuntu, or AWS's for GPU types. */
  readonly machineImage: string | null;
}

const byDefault = {
  type: "t3.small",
  cpu_credits: "unlimited",
  min: 2,
  max: 4,
  disk: 30,
  boot_timeout: "10m",
  spot: { base: 1 },
} as const;

/** AWS's machine image for GPU types has 75 GB of it, and images with CUDA are ten GB and more. */
const gpuDiskGb = 150;

/** More instance types than this AWS refuses in one group: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const mostTypes = 40;
const typeAllowed = `an EC2 instance type, such as t3.small or c7i.xlarge, or a list of 1 to ${mostTypes} in the order of preference`;
const typeName = field.text(instanceTypePattern, typeAllowed);

export const instances = group("The machines, for each colour.", {
  type: key(
    z.union([typeName, z.array(typeName).check(z.minLength(1), z.maxLength(mostTypes))], {
      error: typeAllowed,
    }),
    "EC2 instance type, or a list of them. AWS starts the first type that has capacity in a zone; all have the same processor and kind. Prices are estimated for the first.",
    byDefault.type,
  ),
  spot: group(
    "Spot Instances, which cost less and which AWS reclaims with two minutes' notice. The instance then gets no new requests, and another one starts.",
    {
      share: key(
        field.wholeNumber(1, 100, "per cent"),
        "Per cent of the instances above spot.base that are Spot Instances, rounded down. Without it every instance is On-Demand.",
      ),
      base: key(
        field.wholeNumber(0, 500, "instances"),
        "On-Demand instances that each colour has first.",
        byDefault.spot.base,
      ),
    },
  ),
  cpu_credits: key(
    field.choice(["unlimited", "standard"]),
    "What a burstable type (t3, t4g) does when its credits are spent. unlimited: it stays fast and costs more. standard: it slows down, and it starts slowly.",
    byDefault.cpu_credits,
  ),
  min: key(
    field.wholeNumber(1, 500, "instances"),
    "Fewest instances. One machine (topology: single) has 1.",
    byDefault.min,
  ),
  max: key(
    field.wholeNumber(1, 500, "instances"),
    "Most instances that a release or a scaling policy may start. Default: 4, or min if that is larger.",
    byDefault.max,
  ),
  disk: key(
    field.wholeNumber(8, 16_384, "GB"),
    "Size of the encrypted root disk in GB; the image must fit twice. At least the machine image's own disk. Default: 30, and 150 on GPU types, whose machine image is large.",
    byDefault.disk,
  ),
  boot_timeout: key(
    field.duration(60, 7200),
    "Time that a new instance may take until its container starts: boot, Docker's installation and the download of the image. health.timeout begins then.",
    byDefault.boot_timeout,
  ),
  memory: key(
    field.wholeNumber(64, 33_554_432, "MB"),
    "Memory limit of the container in MB. Default: the instance's memory less 512 MB or 5 %, whichever is more.",
  ),
  machine_image: key(
    field.text(
      /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
      "the id of a machine image, such as ami-0123456789abcdef0",
    ),
    "Your own machine image: Ubuntu or Debian with systemd, Python 3 and, for network.egress: endpoints, Docker. On a GPU type it also has the driver and NVIDIA's container toolkit. Default: Canonical's Ubuntu 24.04, and on GPU types AWS's Deep Learning Base GPU AMI.",
  ),
});

type InstanceKeys = NonNullable<z.infer<typeof instances>>;

/** Every type of the instances, in the order of preference. */
export function typesOf({
  type,
  otherTypes,
}: Pick<InstanceSettings, "otherTypes" | "type">): readonly string[] {
  return [type, ...otherTypes];
}

/** `given`: the workload's profile, and whether the stack is one machine. */
export function settleInstances(
  keys: InstanceKeys = {},
  given: Partial<Pick<WorkloadProfile, "diskGb" | "type">> & { readonly isSingle?: boolean } = {},
): InstanceSettings {
  const [type = given.type ?? byDefault.type, ...otherTypes] = [keys.type ?? []].flat();
  const leastDisk = isGpuType(type) ? gpuDiskGb : byDefault.disk;
  const min = keys.min ?? (given.isSingle === true ? 1 : byDefault.min);
  return {
    type,
    otherTypes,
    spot:
      keys.spot?.share === undefined
        ? null
        : { share: keys.spot.share, base: keys.spot.base ?? byDefault.spot.base },
    cpuCredits: keys.cpu_credits ?? byDefault.cpu_credits,
    min,
    max: keys.max ?? (given.isSingle === true ? 1 : Math.max(min, byDefault.max)),
    diskGb: keys.disk ?? Math.max(given.diskGb ?? 0, leastDisk),
    bootTimeoutSeconds: secondsOf(keys.boot_timeout ?? byDefault.boot_timeout),
    memoryMb: keys.memory ?? null,
    machineImage: keys.machine_image ?? null,
  };
}
