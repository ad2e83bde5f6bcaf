import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** Which of the paths below `folder` are taken, by whatever it may be. */
export async function takenPaths(
  folder: string,
  paths: Iterable<string>,
): Promise<readonly string[]> {
  const looks = [...paths].map(async (path) =>
    (await lstat(join(folder, path)).catch(() => undefined)) === undefined ? [] : [path],
  );
  return (await Promise.all(looks)).flat();
}

/** Writes files that are not there. A file that has come meanwhile is left alone, and is a CommandError (64). */
export async function writeNewFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new CommandError(`${path} is there already, and init overwrites nothing.`, {
        exitCode: exitCodes.usage,
        where: folder,
        next: `move ${path} elsewhere, and run init again`,
      });
    });
  }
}
