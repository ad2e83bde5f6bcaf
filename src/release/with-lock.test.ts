import { expect, test } from "vitest";
import { next, served } from "../../test/_helpers/release-world.ts";
import { sessionWorld } from "../../test/_helpers/session-world.ts";
import type { HookName } from "../hooks/hook.ts";
import type { Progress, Released } from "./release.ts";
import { withReleaseLock } from "./with-lock.ts";

/** What happens, in order: the lock, the work, the hooks. */
function start(work: (progress: Progress) => Released | Error, hook?: (name: HookName) => void) {
  const log: string[] = [];
  const { session, ran } = sessionWorld({
    hook: (name) => {
      log.push(name);
      hook?.(name);
    },
  });
  const takeLock = async () => {
    log.push("lock");
    return { release: async () => void log.push("unlock") };
  };
  const done = withReleaseLock(session, takeLock, async (progress) => {
    log.push("work");
    const end = work(progress);
    if (end instanceof Error) throw end;
    return end;
  });
  return { done, log, ran };
}

const finished = next({ outcome: "succeeded", finished: "2026-01-01T01:05:00.000Z" });

test("the lock is held for the work alone: a slow hook keeps no other run waiting", async () => {
  const { done, log } = start(() => ({ record: finished, changed: true, left: [] }));
  expect(await done).toEqual({ record: finished, changed: true, left: [] });
  expect(log).toEqual(["lock", "work", "unlock", "post-release"]);
});

test("where nothing was changed no hook runs", async () => {
  const { done, log } = start(() => ({ record: served(), changed: false, left: [] }));
  await done;
  expect(log).toEqual(["lock", "work", "unlock"]);
});

test("work that fails releases the lock, then reports, then ends with its own error", async () => {
  const failure = new Error("v8 was rolled back");
  const { done, log, ran } = start((progress) => {
    progress.record = next({ outcome: "rolled-back", finished: "2026-01-01T01:05:00.000Z" });
    return failure;
  });
  await expect(done).rejects.toBe(failure);
  expect(log).toEqual(["lock", "work", "unlock", "on-rollback", "on-failure"]);
  expect(ran[1]?.facts).toMatchObject({ version: "v8", outcome: "rolled-back" });
});

test("a lock that is held by another run begins nothing", async () => {
  const { session, ran } = sessionWorld();
  const held = new Error("The stack is locked");
  const takeLock = async () => Promise.reject(held);
  const work = async () => expect.fail("it began");
  await expect(withReleaseLock(session, takeLock, work)).rejects.toBe(held);
  expect(ran).toEqual([]);
});
