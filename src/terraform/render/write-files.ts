import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Files } from "./files.ts";

/**
 * Makes `folder` hold `files`: writes those that differ, and removes those of an earlier call that are no longer needed.
 * It never touches files that it did not write, so Terraform's own files stay. A folder with other people's files is
 * refused with a CommandError (64). Safe to kill at any point: the manifest names a file before it is written.
 * Resolves to the paths that were written or removed.
 */
export async function writeFiles(folder: string, files: Files): Promise<readonly string[]> {
  const ours = await readManifest(folder);
  await refuseLinks(folder, [...files.keys(), ...ours]);
  const present = await readPresent(folder, new Set([...files.keys(), ...ours]));
  const foreign = [...files].filter(
    ([path, content]) => !ours.has(path) && (present.get(path) ?? content) !== content,
  );
  if (foreign.length > 0) {
    throw new CommandError("The folder has files that infer-deploy did not write.", {
      exitCode: exitCodes.usage,
      where: folder,
      detail: foreign.map(([path]) => path),
      next: "choose another folder, or move these files elsewhere",
    });
  }
  const changed = [...files].filter(([path, content]) => present.get(path) !== content);
  const stale = [...ours].filter((path) => !files.has(path));
  await writeManifest(folder, new Set([...ours, ...files.keys()]));
  await Promise.all(changed.map(([path, content]) => replaceFile(join(folder, path), content)));
  await Promise.all(stale.map((path) => rm(join(folder, path), { force: true })));
  await writeManifest(folder, new Set(files.keys()));
  return [...changed.map(([path]) => path), ...stale.filter((path) => present.has(path))];
}

/** A folder below `folder` that is a link leads elsewhere, where nothing may be written or removed. */
async function refuseLinks(folder: string, paths: readonly string[]): Promise<void> {
  const folders = new Set(paths.flatMap(foldersAbove));
  const links = await Promise.all(
    [...folders].map(async (path) => {
      const found = await lstat(join(folder, path)).catch(() => undefined);
      return found?.isSymbolicLink() === true ? [path] : [];
    }),
  );
  if (links.flat().length === 0) return;
  throw new CommandError("The folder has links where infer-deploy writes folders.", {
    exitCode: exitCodes.usage,
    where: folder,
    detail: links.flat().toSorted(),
    next: "choose another folder, or remove these links",
  });
}

/** Such as a and a/b for a/b/c.tf */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function readPresent(
  folder: string,
  paths: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const read = async (path: string) => [path, await readIfThere(join(folder, path))] as const;
  const contents = await Promise.all([...paths].map(read));
  return new Map(
    contents.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}

async function readManifest(folder: string): Promise<ReadonlySet<string>> {
  const text = await readIfThere(join(folder, manifestName));
  const lines = (text ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  // An edited manifest must not lead out of the folder.
  return new Set(lines.filter((path) => !path.split("/").includes("..")));
}

async function writeManifest(folder: string, paths: ReadonlySet<string>): Promise<void> {
  const text = [manifestHeader, ...[...paths].toSorted(), ""].join("\n");
  if ((await readIfThere(join(folder, manifestName))) !== text) {
    await replaceFile(join(folder, manifestName), text);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Renames, so that a reader sees the old or the new content, never half of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  // Never through what is there: it may be a link that leads out of the folder.
  await rm(temporary, { force: true });
  await writeFile(temporary, content, { flag: "wx" });
  await rename(temporary, path);
}

const manifestName = ".infer-deploy-files";
const manifestHeader = "# Files in this folder that infer-deploy wrote and may replace.";
