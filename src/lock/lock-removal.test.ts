import { expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import { lock, processesOn } from "../../test/_helpers/lock-values.ts";
import { createMemoryBucket } from "../../test/_helpers/memory-store.ts";
import { removeLock } from "./lock-removal.ts";

function world(text?: string, during: () => void = () => {}) {
  const bucket = createMemoryBucket();
  if (text !== undefined) {
    bucket.write("lock.json", text);
  }
  const asked: string[] = [];
  const remove = async (answer: boolean) =>
    removeLock({
      store: bucket.connect(),
      processes: processesOn(new Map([[4711, "100"]])),
      clock: fakeClock(),
      confirm: async (question) => {
        asked.push(question);
        during();
        return Promise.resolve(answer);
      },
    });
  return { bucket, asked, remove };
}

const text = JSON.stringify(lock());

test("without a lock there is no question", async () => {
  const { asked, remove } = world();
  expect(await remove(false)).toEqual({ outcome: "none" });
  expect(asked).toEqual([]);
});

test("the question names the holder; yes removes the lock", async () => {
  const { bucket, asked, remove } = world(text);
  expect(await remove(true)).toMatchObject({
    outcome: "removed",
    holder: { lock: { user: "ada" }, verdict: { state: "alive" } },
  });
  expect(asked).toEqual([
    "The lock is held by ada@laptop, `infer-deploy release --version v2`, started 2 min ago: " +
      "process 4711 runs on this machine. That run would continue without the lock. Remove it?",
  ]);
  expect(bucket.read("lock.json")).toBeUndefined();
});

test("no leaves the lock", async () => {
  const { bucket, remove } = world(text);
  expect(await remove(false)).toMatchObject({ outcome: "declined" });
  expect(bucket.read("lock.json")).toBe(text);
});

test("an unreadable lock can be removed too: no other verb could remove it", async () => {
  const { bucket, asked, remove } = world("{");
  expect(await remove(true)).toEqual({ outcome: "removed", holder: undefined });
  expect(asked[0]).toContain("unreadable");
  expect(bucket.read("lock.json")).toBeUndefined();
});

test("a lock that another run took during the question is not removed", async () => {
  const other = JSON.stringify(lock({ id: "other", user: "eve" }));
  const { bucket, remove } = world(text, () => {
    bucket.write("lock.json", other);
  });
  await expect(remove(true)).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringContaining("eve@laptop"),
  });
  expect(bucket.read("lock.json")).toBe(other);
});
