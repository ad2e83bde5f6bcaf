import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** Runs `work` with a new folder that only this user can read. Throws CommandError (64) when there is no place for temporary files. */
export async function withTempFolder<T>(
  prefix: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), prefix)).catch((cause: unknown) => {
    throw new CommandError(`infer-deploy cannot write temporary files to ${tmpdir()}.`, {
      exitCode: exitCodes.usage,
      next: "set TMPDIR to a folder that you can write to",
      cause,
    });
  });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
