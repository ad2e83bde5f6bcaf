import { expect, test } from "vitest";
import { lock, processesOn } from "../../test/_helpers/lock-values.ts";
import { ask, lockWorld, refusal } from "../../test/_helpers/lock-world.ts";
import { acquireLock } from "./acquire-lock.ts";

const noProcesses = { processes: processesOn(new Map()) };

test("a dead process's lock is replaced when the user agrees", async () => {
  const { deps, put, reporter, idNow } = lockWorld(noProcesses);
  put(lock());
  const asked: string[] = [];
  const held = await acquireLock(deps, {
    ...ask,
    takeOverDead: async (holder) => {
      asked.push(holder);
      return Promise.resolve(true);
    },
  });
  expect(asked).toEqual([expect.stringMatching(/^ada@laptop.*no longer runs/)]);
  expect(idNow()).toBe("mine");
  expect(await held.stillOurs()).toBe(true);
  expect(reporter.warnings()).toEqual([expect.stringMatching(/^took over the lock of ada@laptop/)]);
});

test("otherwise it stays, and the error offers the command", async () => {
  const { deps, put, idNow } = lockWorld(noProcesses);
  put(lock());
  const error = await refusal(
    acquireLock(deps, {
      ...ask,
      waitSeconds: 60,
      takeOverDead: async () => Promise.resolve(false),
    }),
  );
  expect(error).toMatchObject({ exitCode: 5, next: "infer-deploy lock release" });
  expect(error.message).toContain("dead");
  expect(idNow()).toBe("lock-1");
});

test("a holder that ends properly during the look is not called dead", async () => {
  const { bucket, deps, put, idNow } = lockWorld();
  put(lock());
  const processes = {
    ...processesOn(new Map()),
    look: async () => {
      const store = bucket.connect();
      await store.remove("lock.json", (await store.get("lock.json"))?.etag ?? "");
      return { found: false } as const;
    },
  };
  await acquireLock({ ...deps, processes }, ask);
  expect(idNow()).toBe("mine");
});

test("a lock that another run took over during the question stays with that run", async () => {
  const { deps, put, idNow } = lockWorld(noProcesses);
  put(lock());
  const other = lock({ id: "other", user: "eve", host: "desk" });
  const error = await refusal(
    acquireLock(deps, {
      ...ask,
      takeOverDead: async () => {
        put(other);
        return Promise.resolve(true);
      },
    }),
  );
  expect(error.message).toContain("eve@desk");
  expect(idNow()).toBe("other");
});
