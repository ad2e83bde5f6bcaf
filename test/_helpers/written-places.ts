import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../../src/state/object-store.ts";

/** The text of all that a stack has written down: Terraform's folder, and the documents in the bucket. By where it is. */
export async function writtenPlaces(
  folder: string,
  store: Pick<ObjectStore, "get" | "list">,
): Promise<Readonly<Record<string, string>>> {
  const places: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes("providers")) continue;
    const path = join(entry.parentPath, entry.name);
    places[path] = await readFile(path, "latin1");
  }
  for (const name of await store.list("")) {
    places[name] = JSON.stringify((await store.get(name).catch(() => undefined))?.value ?? "");
  }
  return places;
}
