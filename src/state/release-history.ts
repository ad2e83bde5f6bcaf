import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../errors/command-error.ts";
import { describeLine } from "../errors/describe.ts";
import type { ObjectStore } from "./object-store.ts";
import { parseReleaseRecord, releaseKey, type ReleaseRecord } from "./release-record.ts";

/** Throws CommandError when there is no such release, or its record cannot be read. */
export async function readRelease(
  store: Pick<ObjectStore, "get">,
  release: number,
): Promise<ReleaseRecord> {
  const key = releaseKey(release);
  const stored = await store.get(key);
  if (stored === undefined) {
    throw new CommandError(`Release ${release} has no record.`, {
      where: key,
      next: "infer-deploy releases lists the recorded ones",
    });
  }
  return parseReleaseRecord(stored.value, key);
}

/**
 * Release records, newest first: `atLeast` of them, and more until one has succeeded. So a long row of bad releases does not
 * hide the one that serves. Throws CommandError when one of them cannot be read.
 */
export async function readReleases(
  store: Pick<ObjectStore, "get" | "list">,
  atLeast = 10,
): Promise<readonly ReleaseRecord[]> {
  const keys = (await store.list("releases/")).toSorted(byNumber).toReversed();
  const records: ReleaseRecord[] = [];
  for (let start = 0; start < keys.length; start += atLeast) {
    const page = await Promise.all(
      keys.slice(start, start + atLeast).map(async (key) => readRecord(store, key)),
    );
    records.push(...page.filter((record) => record !== undefined));
    if (records.some((record) => record.outcome === "succeeded")) {
      break;
    }
  }
  return records;
}

/** The newest release that succeeded; undefined when `up` must make the first one. `releases`: newest first. */
export function lastGoodRelease(releases: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return releases.find((record) => record.outcome === "succeeded");
}

/**
 * Writes the record of a release that begins; false when another run has begun one of that number. Throws CommandError when it cannot
 * be written.
 */
export async function createRelease(
  store: Pick<ObjectStore, "get" | "put">,
  record: ReleaseRecord,
): Promise<boolean> {
  const key = releaseKey(record.release);
  try {
    return (
      (await store.put(key, record, "absent")) !== false ||
      // A repeated request meets what it has written itself.
      isDeepStrictEqual((await store.get(key))?.value, record)
    );
  } catch (error) {
    throw unwritten(record, "nothing was changed; run the same command again", error);
  }
}

/** Writes the record of a release over what it was. Throws CommandError when it cannot be written. */
export async function writeRelease(
  store: Pick<ObjectStore, "put">,
  record: ReleaseRecord,
): Promise<void> {
  await store.put(releaseKey(record.release), record).catch((error: unknown) => {
    const next =
      "infer-deploy status shows what serves; the next release or rollback writes the record";
    throw unwritten(record, next, error);
  });
}

function unwritten(record: ReleaseRecord, next: string, cause: unknown): CommandError {
  return new CommandError(
    `The record of release ${record.release} (${record.version}) could not be written.`,
    { where: releaseKey(record.release), why: describeLine(cause), next, cause },
  );
}

async function readRecord(
  store: Pick<ObjectStore, "get">,
  key: string,
): Promise<ReleaseRecord | undefined> {
  const stored = await store.get(key);
  return stored === undefined ? undefined : parseReleaseRecord(stored.value, key);
}

/** Release numbers are padded to four digits, so a longer key is a higher number. */
function byNumber(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
