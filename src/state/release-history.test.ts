import { expect, test } from "vitest";
import { createMemoryBucket } from "../../test/_helpers/memory-store.ts";
import { release } from "../../test/_helpers/rollout-values.ts";
import {
  createRelease,
  lastGoodRelease,
  readRelease,
  readReleases,
  writeRelease,
} from "./release-history.ts";
import { releaseKey, type ReleaseRecord } from "./release-record.ts";

/** A bucket with these releases, all failed but those of `good`; counts how many records are read. */
function history(numbers: readonly number[], good: readonly number[] = []) {
  const bucket = createMemoryBucket();
  for (const number of numbers) {
    const outcome = good.includes(number) ? "succeeded" : "failed";
    bucket.write(releaseKey(number), JSON.stringify(release({ release: number, outcome })));
  }
  const store = bucket.connect();
  const reads: string[] = [];
  return {
    bucket,
    reads,
    store: {
      ...store,
      get: async (key: string) => {
        reads.push(key);
        return store.get(key);
      },
    },
  };
}

const numbersOf = (records: readonly ReleaseRecord[]): readonly number[] =>
  records.map((record) => record.release);
const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

test("the newest come first, as many as are asked for", async () => {
  const { store, reads } = history(upTo(25), [25]);
  expect(numbersOf(await readReleases(store, 3))).toEqual([25, 24, 23]);
  expect(reads).toHaveLength(3);
});

test("a number of five digits is newer than every padded one", async () => {
  const { store } = history([2, 999, 9999, 10_000, 10_001], upTo(10_001));
  expect(numbersOf(await readReleases(store))).toEqual([10_001, 10_000, 9999, 999, 2]);
  expect([releaseKey(7), releaseKey(10_000)]).toEqual([
    "releases/0007.json",
    "releases/10000.json",
  ]);
});

test("a long row of failures does not hide what serves: it is read on until one has succeeded", async () => {
  const { store, reads } = history(upTo(100), [63, 12]);
  const records = await readReleases(store, 10);
  expect(lastGoodRelease(records)?.release).toBe(63);
  // Whole pages: 100 to 91, ..., 70 to 61.
  expect(reads).toHaveLength(40);
});

test("where none has ever succeeded, all are read, and there is no good one", async () => {
  const { store } = history(upTo(23));
  const records = await readReleases(store, 10);
  expect(records).toHaveLength(23);
  expect(lastGoodRelease(records)).toBeUndefined();
  expect(await readReleases(history([]).store)).toEqual([]);
});

test("one that is removed while the history is read is left out", async () => {
  const { store } = history([1, 2, 3], [3]);
  const listed = {
    ...store,
    list: async () => [releaseKey(4), ...(await store.list("releases/"))],
  };
  expect(numbersOf(await readReleases(listed))).toEqual([3, 2, 1]);
});

test("a record that cannot be read ends the reading, with its name", async () => {
  const { bucket, store } = history([1, 2]);
  bucket.write(releaseKey(2), JSON.stringify({ ...release({ release: 2 }), schema_version: 2 }));
  await expect(readReleases(store)).rejects.toMatchObject({ where: "releases/0002.json" });
});

test("a release that is not there is named, with the command that lists them", async () => {
  await expect(readRelease(history([1]).store, 5)).rejects.toMatchObject({
    message: "Release 5 has no record.",
    where: "releases/0005.json",
    next: expect.stringContaining("infer-deploy releases"),
  });
});

test("fields of a newer version are kept when the record is written again", async () => {
  const { bucket, store } = history([]);
  bucket.write(releaseKey(3), JSON.stringify({ ...release({ release: 3 }), cost: "12 EUR" }));
  await writeRelease(store, { ...(await readRelease(store, 3)), outcome: "succeeded" });
  expect(await readRelease(store, 3)).toMatchObject({ cost: "12 EUR", outcome: "succeeded" });
});

test("two runs that begin a release of the same number: the second one is refused", async () => {
  const { store } = history([]);
  expect(await createRelease(store, release({ who: "ada@laptop" }))).toBe(true);
  expect(await createRelease(store, release({ who: "bob@laptop" }))).toBe(false);
  expect(await readRelease(store, 7)).toMatchObject({ who: "ada@laptop" });
});

test("a beginning that the SDK sent twice, because its answer was lost, is one beginning", async () => {
  const { bucket } = history([]);
  expect(await createRelease(bucket.connect({ repeats: () => true }), release())).toBe(true);
});
