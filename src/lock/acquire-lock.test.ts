import { expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import { identity, lock, processesOn } from "../../test/_helpers/lock-values.ts";
import { ask, lockWorld, refusal } from "../../test/_helpers/lock-world.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { acquireLock, refuseWhileHeld } from "./acquire-lock.ts";

test("a free lock is taken, names its holder, and is free again afterwards", async () => {
  const { bucket, deps, reporter } = lockWorld();
  const held = await acquireLock(deps, ask);
  expect(JSON.parse(bucket.read("lock.json") ?? "")).toMatchObject({
    id: "mine",
    user: "bob",
    pid: 4712,
    ci: "https://ci.example/1",
    command: "release --version v3",
    since: "2026-01-01T00:02:05.000Z",
  });
  expect(held.id).toBe("mine");
  expect(await held.stillOurs()).toBe(true);
  await held.release();
  await held.release();
  expect(bucket.read("lock.json")).toBeUndefined();
  expect(await held.stillOurs()).toBe(false);
  expect(reporter.events).toEqual([]);
});

test("a held lock is refused with 5 and stays", async () => {
  const { deps, put, idNow } = lockWorld();
  put(lock());
  const error = await refusal(acquireLock(deps, ask));
  expect(error).toMatchObject({ exitCode: 5 });
  expect(error.message).toMatch(/ada@laptop.*2 min ago/);
  expect(idNow()).toBe("lock-1");
});

test("an early look is refused only by a held lock, in the same words, with one request", async () => {
  const { bucket, deps, put } = lockWorld();
  await refuseWhileHeld(deps);
  put(lock());
  let turns = 0;
  const turn = async (): Promise<void> => {
    turns += 1;
    return Promise.resolve();
  };
  const looked = await refusal(refuseWhileHeld({ ...deps, store: bucket.connect({ turn }) }));
  expect(turns).toBe(2);
  const taking = await refusal(acquireLock(deps, ask));
  expect(looked).toMatchObject({ exitCode: 5, message: taking.message, next: taking.next });
});

test("an early look leaves a dead holder's lock and an unreadable one to acquireLock", async () => {
  const { bucket, deps, put } = lockWorld({ processes: processesOn(new Map()) });
  put(lock());
  await refuseWhileHeld(deps);
  await bucket.connect().put("lock.json", "nonsense");
  await refuseWhileHeld(deps);
});

test("a refusal costs two requests, because twenty runs may be refused at once", async () => {
  const { bucket, deps, put } = lockWorld();
  put(lock());
  let turns = 0;
  const turn = async (): Promise<void> => {
    turns += 1;
    return Promise.resolve();
  };
  await refusal(acquireLock({ ...deps, store: bucket.connect({ turn }) }, ask));
  // Each request takes one turn to S3 and one back.
  expect(turns).toBe(4);
});

test("waiting asks every second and names the holder; then the lock is taken", async () => {
  const { bucket, deps, put, reporter, idNow } = lockWorld();
  put(lock());
  const clock = fakeClock(undefined, async () => {
    if (clock.slept.length === 3) {
      const store = bucket.connect();
      await store.remove("lock.json", (await store.get("lock.json"))?.etag ?? "");
    }
  });
  await acquireLock({ ...deps, clock }, { ...ask, waitSeconds: 60 });
  expect(idNow()).toBe("mine");
  // The time when it was taken, not when the wait began.
  expect(bucket.read("lock.json")).toContain("2026-01-01T00:02:08.000Z");
  expect(clock.slept).toEqual([1000, 1000, 1000]);
  expect(reporter.events.map((event) => event.type)).toEqual([
    "step-started",
    "step-progress",
    "step-progress",
    "step-progress",
    "step-finished",
  ]);
  expect(reporter.events[0]).toMatchObject({ title: "Wait for the lock" });
  expect(reporter.events[1]).toMatchObject({ detail: expect.stringContaining("ada@laptop") });
  expect(reporter.events[4]).toMatchObject({ outcome: "done" });
});

test("waiting ends when its time is up", async () => {
  const clock = fakeClock();
  const { deps, put, reporter } = lockWorld({ clock });
  put(lock());
  const error = await refusal(acquireLock(deps, { ...ask, waitSeconds: 2.5 }));
  expect(error).toMatchObject({ exitCode: 5 });
  expect(error.message).toContain("still locked after 2.5 s");
  expect(clock.slept).toEqual([1000, 1000, 500]);
  expect(reporter.events.at(-1)).toMatchObject({ type: "step-finished", outcome: "failed" });
});

test("Ctrl-C ends the waiting, and the other run's lock stays", async () => {
  const controller = new AbortController();
  const stop = new InterruptedError("SIGINT", "Stopped by Ctrl-C");
  const clock = fakeClock(undefined, () => {
    controller.abort(stop);
  });
  const { deps, put, idNow } = lockWorld({ clock, signal: controller.signal });
  put(lock());
  expect(await refusal(acquireLock(deps, { ...ask, waitSeconds: 60 }))).toBe(stop);
  expect(idNow()).toBe("lock-1");
});

test("Ctrl-C while the lock is being written leaves none", async () => {
  const controller = new AbortController();
  const stop = new InterruptedError("SIGINT", "Stopped by Ctrl-C");
  const { bucket, deps } = lockWorld({ signal: controller.signal });
  const store = bucket.connect({
    turn: async () => {
      controller.abort(stop);
      return Promise.resolve();
    },
  });
  expect(await refusal(acquireLock({ ...deps, store }, ask))).toBe(stop);
  expect(bucket.read("lock.json")).toBeUndefined();
});

test("a write whose answer was lost leaves no lock", async () => {
  const { bucket, deps } = lockWorld();
  const store = bucket.connect();
  const put: typeof store.put = async (...args) => {
    await store.put(...args);
    throw new Error("the connection was lost");
  };
  const error = await refusal(acquireLock({ ...deps, store: { ...store, put } }, ask));
  expect(error.message).toBe("the connection was lost");
  expect(bucket.read("lock.json")).toBeUndefined();
});

test("an unreachable bucket is the error, with a warning about a lock that may be left", async () => {
  const { deps, reporter } = lockWorld();
  const away = async (): Promise<never> => Promise.reject(new Error("no route to the bucket"));
  const error = await refusal(
    acquireLock({ ...deps, store: { ...deps.store, put: away, get: away } }, ask),
  );
  expect(error.message).toBe("no route to the bucket");
  expect(reporter.warnings()).toEqual([expect.stringContaining("infer-deploy lock status")]);
});

test("a write that the SDK repeated holds the lock, though S3 refused the repetition", async () => {
  const { bucket, deps, idNow } = lockWorld();
  const held = await acquireLock({ ...deps, store: bucket.connect({ repeats: () => true }) }, ask);
  expect(idNow()).toBe("mine");
  await held.release();
  expect(bucket.read("lock.json")).toBeUndefined();
});

test.each([
  ["not json", /not JSON/],
  [{ ...lock(), schema_version: 2 }, /^its schema_version is 2/],
  ["", /not JSON/],
])("an unreadable lock (%j) is not a free one", async (text, why) => {
  const { bucket, deps, put } = lockWorld();
  put(text);
  const before = bucket.read("lock.json");
  const error = await refusal(acquireLock(deps, { ...ask, waitSeconds: 60 }));
  expect(error).toMatchObject({ exitCode: 1, why: expect.stringMatching(why) });
  expect(error.message).toContain("unreadable");
  expect(bucket.read("lock.json")).toBe(before);
});

test("a lock that another run has taken over is not removed, with a warning", async () => {
  const { deps, put, reporter, idNow } = lockWorld();
  const held = await acquireLock(deps, ask);
  put(lock({ id: "other" }));
  expect(await held.stillOurs()).toBe(false);
  await held.release();
  expect(idNow()).toBe("other");
  expect(reporter.warnings()).toEqual([expect.stringContaining("taken over by ada@laptop")]);
});

test("a lock that cannot be released is a warning, so the verb's own outcome stays", async () => {
  const { deps, reporter } = lockWorld();
  const remove = async (): Promise<boolean> => Promise.reject(new Error("no route to the bucket"));
  const held = await acquireLock({ ...deps, store: { ...deps.store, remove } }, ask);
  await held.release();
  expect(reporter.warnings()).toEqual([
    "the lock could not be released (no route to the bucket); check with infer-deploy lock status",
  ]);
});

test("a lock that this process itself took earlier counts as held", async () => {
  const { deps, put } = lockWorld({ processes: processesOn(new Map([[4712, "200"]])) });
  put(lock({ id: "other", user: "bob", pid: 4712, process_start: identity().start }));
  expect(await refusal(acquireLock(deps, ask))).toMatchObject({ exitCode: 5 });
});
