import type { ObjectStore } from "./object-store.ts";
import { CommandError } from "../errors/command-error.ts";
import type { ReleaseRecord } from "./records.ts";

export function releaseKey(release: number): string {
  return `releases/${String(release).padStart(4, "0")}.json`;
}

/** Throws CommandError when there is no such release. */
export async function readRelease(
  store: Pick<ObjectStore, "get">,
  release: number,
): Promise<ReleaseRecord> {
  const stored = await store.get(releaseKey(release));
  if (stored === undefined) {
    throw new CommandError(`There is no record of release ${release}.`, {
      where: releaseKey(release),
      next: "infer-deploy releases lists the known ones",
    });
  }
  return stored.value as ReleaseRecord;
}

/**
 * The newest release records first: `atLeast` of them, and further ones until one has succeeded, so that a long row of bad
 * releases does not hide what serves.
 */
export async function readReleases(
  store: Pick<ObjectStore, "get" | "list">,
  atLeast = 10,
): Promise<readonly ReleaseRecord[]> {
  const keys = (await store.list("releases/")).toSorted(byNumber).toReversed();
  const records: ReleaseRecord[] = [];
  for (let start = 0; start < keys.length; start += atLeast) {
    const page = await Promise.all(
      keys
        .slice(start, start + atLeast)
        .map(async (key) => (await store.get(key))?.value as ReleaseRecord | undefined),
    );
    records.push(...page.filter((record) => record !== undefined));
    if (records.some((record) => record.outcome === "succeeded")) {
      break;
    }
  }
  return records;
}

/** Four digits are padded, more are not. */
function byNumber(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
