import { isGpuType, supportedGpuFamilies } from "../../../fields/gpu-types.ts";
import { acceleratorOf, isBurstable, platformOf } from "../../../fields/instance-type.ts";
import type { Config } from "../../../schema/config.ts";
import { typesOf } from "../../../schema/fleet/instances.ts";
import type { Contradiction, Path } from "../../problem.ts";

/** The part of `findContradictions` that is about the machines. */
export function* checkInstances(
  config: Pick<Config, "image" | "instances" | "network">,
): Iterable<Contradiction> {
  const { instances, image } = config;
  const { type, min, max } = instances;
  if (max < min) {
    yield {
      paths: [
        ["instances", "max"],
        ["instances", "min"],
      ],
      found: `max ${max} with min ${min}`,
      allowed: "instances.max of at least instances.min",
    };
  }
  yield* checkAccelerators(instances);
  yield* checkList(instances);
  yield* checkSpot(config);
  const platform = platformOf(type);
  if (image.platform !== platform) {
    yield {
      paths: [
        ["image", "platform"],
        ["instances", "type"],
      ],
      found: `platform ${image.platform} with instances of type ${type}`,
      allowed: `${platform} for this type`,
      suggestion: platform,
    };
  }
}

function* checkAccelerators(instances: Config["instances"]): Iterable<Contradiction> {
  for (const [index, type] of typesOf(instances).entries()) {
    const accelerator = acceleratorOf(type);
    // An own machine image may have the driver.
    const isDriven = accelerator === "GPU" && instances.machineImage !== null;
    if (accelerator !== null && !isGpuType(type) && !isDriven) {
      yield {
        paths: [pathOf(instances, index)],
        found: type,
        allowed: `a type without an accelerator, or one that AWS's machine image for GPUs supports (${supportedGpuFamilies()}): there is no driver for the ${accelerator} of ${type}${accelerator === "GPU" ? ", unless your own instances.machine_image has one" : ""}`,
      };
    }
  }
}

/** All types of a list start from one launch template, so from one machine image and with one container image. */
function* checkList(instances: Config["instances"]): Iterable<Contradiction> {
  const types = typesOf(instances);
  const [first] = types;
  if (first === undefined) return;
  for (const [index, type] of types.entries()) {
    const path = pathOf(instances, index);
    if (types.indexOf(type) < index) {
      yield { paths: [path], found: `${type} a second time`, allowed: "each type once" };
    } else if (platformOf(type) !== platformOf(first)) {
      yield {
        paths: [path],
        found: `${type} (${platformOf(type)}) with ${first} (${platformOf(first)})`,
        allowed: "types of one processor: all instances run the same image",
      };
    } else if (acceleratorOf(type) !== acceleratorOf(first)) {
      yield {
        paths: [path],
        found: `${type} (${kindOf(type)}) with ${first} (${kindOf(first)})`,
        allowed: "types that all have GPUs, or none: they start from the same machine image",
      };
    }
  }
  if (instances.cpuCredits === "standard" && types.some(isBurstable) && !types.every(isBurstable)) {
    yield {
      paths: [
        ["instances", "cpu_credits"],
        ["instances", "type"],
      ],
      found: `standard with ${types.filter((type) => !isBurstable(type)).join(" and ")}`,
      allowed: "cpu_credits with a list of burstable types only: EC2 refuses it for others",
    };
  }
}

function* checkSpot({
  instances: { spot, max },
  network,
}: Pick<Config, "instances" | "network">): Iterable<Contradiction> {
  if (spot === null) return;
  if (spot.base >= max) {
    yield {
      paths: [
        ["instances", "spot", "base"],
        ["instances", "max"],
      ],
      found: `base ${spot.base} with max ${max}`,
      allowed: "a base smaller than instances.max: no instance would be a Spot Instance",
    };
  }
  if (network.egress === "endpoints") {
    yield {
      paths: [
        ["instances", "spot"],
        ["network", "egress"],
      ],
      found: "Spot Instances with egress endpoints",
      allowed:
        "another network.egress: an instance that AWS reclaims leaves its load balancer by an API that has no endpoint here",
    };
  }
}

function kindOf(type: string): string {
  const accelerator = acceleratorOf(type);
  return accelerator === null ? "no GPU" : `with a ${accelerator}`;
}

/** `index`: in the list; a single type need not be one. */
function pathOf({ otherTypes }: Config["instances"], index: number): Path {
  return otherTypes.length === 0 ? ["instances", "type"] : ["instances", "type", index];
}
