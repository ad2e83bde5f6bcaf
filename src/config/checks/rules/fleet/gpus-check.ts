import { fewestGpus, hasNvidiaGpus } from "../../../fields/gpu-types.ts";
import type { Config } from "../../../schema/config.ts";
import { typesOf } from "../../../schema/fleet/instances.ts";
import type { Contradiction, Path } from "../../problem.ts";

/** The part of `findContradictions` about the container's GPUs. */
export function* checkGpus({
  container: { gpus },
  instances,
}: Pick<Config, "container" | "instances">): Iterable<Contradiction> {
  const paths: readonly [Path, Path] = [
    ["container", "gpus"],
    ["instances", "type"],
  ];
  const types = typesOf(instances);
  const type = types.join(", ");
  if (gpus === 0) return;
  if (!types.every(hasNvidiaGpus)) {
    const found = `${gpus} with instances of type ${type}, which have no NVIDIA GPU`;
    yield { paths, found, allowed: "none, or another instances.type", suggestion: "none" };
    return;
  }
  // With a machine image of the user's own, the type may be one that is not in our table.
  const count = fewestGpus(types);
  if (gpus !== "all" && count !== null && gpus > count) {
    yield {
      paths,
      found: `${gpus} with instances of type ${type}, which have ${types.length === 1 ? "" : "at least "}${count}`,
      allowed: `at most ${count} for this type`,
      suggestion: String(count),
    };
  }
}
