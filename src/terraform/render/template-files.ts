import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CommandError } from "../../errors/command-error.ts";
import { packageRoot } from "../../package-root.ts";
import type { Files } from "./files.ts";

/** The files of templates/ that a stack is rendered from, by path. Throws CommandError when the package is incomplete. */
export async function loadTemplates(root: string = packagedTemplates): Promise<Files> {
  return loadFiles(root, ["terraform", "instance"]);
}

/** The files of these folders below `root`, by path. Throws CommandError when a folder is missing. */
export async function loadFiles(root: string, folders: readonly string[]): Promise<Files> {
  const paths = (await Promise.all(folders.map((folder) => listFiles(join(root, folder))))).flat();
  const read = async (path: string) =>
    [relative(root, path).split(sep).join("/"), await readFile(path, "utf8")] as const;
  return new Map(await Promise.all(paths.toSorted().map(read)));
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (cause: unknown) => {
      throw new CommandError("This installation of infer-deploy is incomplete.", {
        where: folder,
        cause,
        next: "npm install infer-deploy",
      });
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(`${sep}.terraform`));
}

export const packagedTemplates = join(packageRoot, "templates");
