import { memoryOf } from "../../aws/account/type-memory.ts";
import type { Config } from "../../config/schema/config.ts";
import { refuseMemory } from "../../stack/container-memory.ts";
import type { Target } from "../target.ts";

/** Throws CommandError (64) when the containers of a release do not fit on the one machine. `release`: with the flags. */
export async function checkMemory(
  { aws, config }: Pick<Target, "aws" | "config">,
  release: Pick<Config["release"], "strategy"> = config.release,
): Promise<void> {
  const { instances, topology } = config;
  // The share of the machine that the agent gives by itself always fits.
  if (topology === "fleet" || instances.memoryMb === null) return;
  const memory = await memoryOf(await aws.ec2(), instances.type);
  if (memory !== undefined) refuseMemory(config, release, memory);
}
