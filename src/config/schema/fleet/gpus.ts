import * as z from "zod/mini";
import { hasNvidiaGpus } from "../../fields/gpu-types.ts";
import { key } from "../../fields/keys.ts";

/** The GPUs that the container gets: all of the instance's, or how many; 0 for none. */
export type Gpus = "all" | number;

const error = "all, none or how many, from 1 to 16";

/** The key `container.gpus`. */
export const gpus = key(
  z.union([z.literal(["all", "none"]), z.int().check(z.gte(1), z.lte(16))], { error }),
  "The NVIDIA GPUs that the container gets: all, none, or how many. Default: all on a type that has some, otherwise none.",
);

export function settleGpus(value: Gpus | "none" | undefined, instanceType: string): Gpus {
  if (value === undefined) return hasNvidiaGpus(instanceType) ? "all" : 0;
  return value === "none" ? 0 : value;
}
