import type { LoadedConfig } from "../config/load.ts";
import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";

type MemorySettings = Pick<Config, "topology"> & {
  readonly container: {
    readonly shmMb: number | null;
    readonly tmp: Pick<Config["container"]["tmp"], "sizeMb">;
  };
  readonly instances: Pick<Config["instances"], "memoryMb" | "type">;
};

/**
 * Throws CommandError (64) for what does not fit into the memory of the stack's type: the containers of a release on its one machine; a fleet's
 * instances.memory; and the container's shared memory and /tmp, which are parts of its memory. `typeMb`: of the type, MiB.
 */
export function refuseMemory(
  config: MemorySettings,
  release: Pick<Config["release"], "strategy">,
  typeMb: number,
  placeOf: LoadedConfig["placeOf"],
): void {
  const { memoryMb, type } = config.instances;
  if (memoryMb !== null && config.topology === "single") {
    refuseMachine({ memoryMb, type }, release, typeMb, placeOf);
  }
  if (memoryMb !== null && config.topology === "fleet" && memoryMb > typeMb) {
    throw new CommandError(`instances.memory is ${memoryMb} MB, and a ${type} has ${typeMb} MB.`, {
      exitCode: exitCodes.usage,
      where: placeOf(["instances", "memory"]),
      next: "leave instances.memory out, lower it, or take a larger instances.type",
    });
  }
  // With instances.memory, a rule of the file compares them.
  if (memoryMb === null) refuseParts(config, release, typeMb, placeOf);
}

function refuseMachine(
  { memoryMb, type }: { readonly memoryMb: number; readonly type: string },
  { strategy }: Pick<Config["release"], "strategy">,
  typeMb: number,
  placeOf: LoadedConfig["placeOf"],
): void {
  const spare = spareMb(typeMb * seenShare);
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
    where: placeOf(["instances", "memory"]),
    why: `the machine can spare about ${spare} MB${words.why}`,
    next: words.next,
  });
}

/** Of a container that gets what the machine can spare. Linux may see all of the type's memory, so only what can never fit is refused. */
function refuseParts(
  { container, instances: { type }, topology }: MemorySettings,
  { strategy }: Pick<Config["release"], "strategy">,
  typeMb: number,
  placeOf: LoadedConfig["placeOf"],
): void {
  const isHalf = topology === "single" && strategy !== "recreate";
  const most = Math.floor(Math.max(leastMb, spareMb(typeMb)) / (isHalf ? 2 : 1));
  const parts = [
    { path: ["container", "shm"], megabytes: container.shmMb },
    { path: ["container", "tmp", "size"], megabytes: container.tmp.sizeMb },
  ];
  const excess = parts.find(({ megabytes }) => megabytes !== null && megabytes > most);
  if (excess === undefined) return;
  const key = excess.path.join(".");
  throw new CommandError(`${key} asks for ${excess.megabytes} MB, more than the container has.`, {
    exitCode: exitCodes.usage,
    where: placeOf(excess.path),
    why: `it is a part of the container's memory, which is at most ${most} MB ${isHalf ? "for each of two containers " : ""}on a ${type}`,
    next: `lower ${key}, or take a larger instances.type`,
  });
}

/** What the agent leaves for containers; see templates/instance/agent/record.py. */
function spareMb(seenMb: number): number {
  return Math.floor(seenMb - Math.max(512, seenMb * 0.05));
}

/** The agent gives a container no less. */
const leastMb = 128;
/** Linux sees up to 95 % of a small type's memory. */
const seenShare = 0.95;
