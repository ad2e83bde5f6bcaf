import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** What a file system says of itself, in blocks of `bsize` bytes. */
interface Space {
  readonly bavail: number;
  readonly blocks: number;
  readonly bsize: number;
}

type Measure = (folder: string) => Promise<Space>;

/**
 * Bytes that this user can still write to the disk on which the folder is, or would be; undefined for a file system that does not
 * count, as some of a network do not. Throws the system's errors.
 */
export async function freeBytes(
  folder: string,
  measure: Measure = statfs,
): Promise<number | undefined> {
  try {
    const { bavail, blocks, bsize } = await measure(folder);
    return blocks === 0 ? undefined : bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || above === folder) throw error;
    return freeBytes(above, measure);
  }
}

/**
 * Throws CommandError (64) when the disk has too little room for Terraform: its AWS provider alone takes most of a gibibyte, and the last copy of
 * a state that cannot be saved elsewhere goes there. A disk that cannot be measured is no hindrance.
 */
export async function refuseFullDisk(folder: string, measure?: Measure): Promise<void> {
  const free = await freeBytes(folder, measure).catch(() => undefined);
  if (free === undefined || free >= leastFreeBytes) return;
  throw new CommandError(
    `The disk of ${folder} has ${Math.floor(free / 2 ** 20)} MiB free, and Terraform needs 1024.`,
    {
      exitCode: exitCodes.usage,
      next: "df -h shows what is full, and docker builder prune frees old build steps; or set XDG_STATE_HOME to a folder on another disk",
    },
  );
}

export const leastFreeBytes = 2 ** 30;
