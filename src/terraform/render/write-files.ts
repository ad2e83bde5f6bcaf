import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Files } from "./render-stack.ts";

/**
 * Makes `folder` hold `files`: writes those that differ, and removes those of an earlier call that are no longer needed.
 * It never touches files that it did not write, so Terraform's own files stay. A folder with other people's files is
 * refused with a CommandError (64). Safe to kill at any point: the manifest names a file before it is written.
 * Resolves to the paths that were written or removed.
 */
export async function writeFiles(folder: string, files: Files): Promise<readonly string[]> {
  const ours = await readManifest(folder);
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
  await writeFile(temporary, content);
  await rename(temporary, path);
}

const manifestName = ".infer-deploy-files";
const manifestHeader = "# Files in this folder that infer-deploy wrote and may replace.";
