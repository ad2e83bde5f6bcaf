import { memoryOf } from "../../aws/account/type-memory.ts";
import type { Config } from "../../config/schema/config.ts";
import { refuseMemory } from "../../stack/container-memory.ts";
import type { Target } from "../target.ts";

/** Throws CommandError (64) when what the file asks for does not fit into the type's memory. `release`: with the flags. */
export async function checkMemory(
  { aws, config, placeOf }: Pick<Target, "aws" | "config" | "placeOf">,
  release: Pick<Config["release"], "strategy"> = config.release,
): Promise<void> {
  const { container, instances } = config;
  // The shares that the agent gives by itself always fit.
  const asked = [instances.memoryMb, container.shmMb, container.tmp.sizeMb];
  if (asked.every((one) => (one ?? 0) <= fitsEverywhereMb)) return;
  const memory = await memoryOf(await aws.ec2(), instances.type);
  if (memory !== undefined) refuseMemory(config, release, memory, placeOf);
}

/** Docker's usual shared memory. */
const fitsEverywhereMb = 64;
