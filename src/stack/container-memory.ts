import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/**
 * Throws CommandError (64) when the containers of a release do not fit on the stack's one machine. `typeMb`: of its type. A fleet's
 * machine has one container.
 */
export function refuseMemory(
  { instances, topology }: Pick<Config, "topology"> & { readonly instances: Memory },
  { strategy }: Pick<Config["release"], "strategy">,
  typeMb: number,
): void {
  const { memoryMb, type } = instances;
  if (topology === "fleet" || memoryMb === null) return;
  const spare = spareMb(typeMb);
  const isAlone = strategy === "recreate";
  const most = isAlone ? spare : Math.floor(spare / 2);
  if (memoryMb <= most) return;
  const least = `set instances.memory to at most ${most}, or take a larger instances.type`;
  const words = isAlone
    ? { message: `A container of ${memoryMb} MB does not fit`, why: "", next: least }
    : {
        message: `Two containers of ${memoryMb} MB do not fit`,
        why: `, and with ${strategy} the new container starts next to the old one`,
        next: `${least}, or set release.strategy to recreate, which stops the old container before the new one starts`,
      };
  throw new CommandError(`${words.message} on a ${type}.`, {
    exitCode: exitCodes.usage,
    where: "instances.memory",
    why: `the machine can spare about ${spare} MB${words.why}`,
    next: words.next,
  });
}

/** What the agent leaves for containers; see templates/instance/agent/record.py. Linux sees up to 95 % of a type's memory. */
function spareMb(typeMb: number): number {
  const seen = typeMb * 0.95;
  return Math.floor(seen - Math.max(512, seen * 0.05));
}

type Memory = Pick<Config["instances"], "memoryMb" | "type">;
