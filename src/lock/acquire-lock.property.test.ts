import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import { listener } from "../../test/_helpers/listener.ts";
import { identity, lock, processesOn } from "../../test/_helpers/lock-values.ts";
import { createMemoryBucket, type MemoryBucket } from "../../test/_helpers/memory-store.ts";
import type { CommandError } from "../errors/command-error.ts";
import { acquireLock, type HeldLock, type LockDeps } from "./acquire-lock.ts";

/** Several runs of the tool on one machine. Their requests arrive in any order; `repeats` says which ones the SDK sends twice. */
function runs(
  bucket: MemoryBucket,
  scheduler: fc.Scheduler,
  count: number,
  repeats: readonly boolean[],
): readonly LockDeps[] {
  const pids = Array.from({ length: count }, (_, index) => 100 + index);
  const starts = new Map(pids.map((pid) => [pid, `start of ${pid}`]));
  let requests = 0;
  return pids.map((pid) => {
    const turn = async (): Promise<void> => scheduler.schedule(Promise.resolve(), `run ${pid}`);
    const repeat = (): boolean => repeats[requests++ % repeats.length] ?? false;
    return {
      store: bucket.connect({ turn, repeats: repeat }),
      clock: fakeClock(undefined, turn),
      reporter: listener(),
      processes: processesOn(starts, identity({ pid, start: `start of ${pid}` })),
      env: {},
      newId: () => `lock of ${pid}`,
      signal: new AbortController().signal,
    };
  });
}

const count = fc.integer({ min: 2, max: 5 });
const repeats = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });

async function tryTo(deps: LockDeps, waitSeconds: number): Promise<HeldLock | CommandError> {
  const request = {
    command: "release",
    waitSeconds,
    takeOverDead: async () => Promise.resolve(true),
  };
  return acquireLock(deps, request).catch((error: unknown) => error as CommandError);
}

test.each(["free", "left by a dead process"])(
  "exactly one of several runs gets a lock that is %s",
  async (state) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), count, repeats, async (scheduler, number, repeated) => {
        const bucket = createMemoryBucket();
        if (state !== "free") {
          bucket.write("lock.json", JSON.stringify(lock()));
        }
        const all = runs(bucket, scheduler, number, repeated);
        const ends = await scheduler.waitFor(Promise.all(all.map(async (one) => tryTo(one, 0))));
        const winners = ends.filter((end) => "id" in end);
        expect(winners).toHaveLength(1);
        const holder = JSON.parse(bucket.read("lock.json") ?? "") as { id: string; pid: number };
        expect(holder.id).toBe(winners[0]?.id);
        for (const end of ends.filter((one) => !("id" in one))) {
          expect(end).toMatchObject({ exitCode: 5, where: `process ${holder.pid} on laptop` });
        }
      }),
      { numRuns: 300 },
    );
  },
);

test("two runs never hold the lock at once, in any order of waits and releases, and it is free in the end", async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), waits, repeats, async (scheduler, seconds, repeated) => {
      const bucket = createMemoryBucket();
      const all = runs(bucket, scheduler, seconds.length, repeated);
      let inside = 0;
      const work = async (deps: LockDeps, wait: number): Promise<boolean> => {
        const held = await tryTo(deps, wait);
        if (!("id" in held)) {
          expect(held.exitCode).toBe(5);
          return false;
        }
        inside += 1;
        expect(inside).toBe(1);
        expect(await held.stillOurs()).toBe(true);
        expect(inside).toBe(1);
        inside -= 1;
        await held.release();
        return true;
      };
      const done = await scheduler.waitFor(
        Promise.all(all.map(async (one, index) => work(one, seconds[index] ?? 0))),
      );
      expect(done).toContain(true);
      expect(bucket.read("lock.json")).toBeUndefined();
      expect(
        all.flatMap((one) => (one.reporter as ReturnType<typeof listener>).warnings()),
      ).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
