import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";

/** The files of templates/workflows, by name. */
export async function loadWorkflows(): Promise<ReadonlyMap<string, string>> {
  const folder = join(packageRoot, "templates", "workflows");
  const names = (await readdir(folder)).toSorted();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const),
    ),
  );
}
