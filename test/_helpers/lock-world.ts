import { expect } from "vitest";
import type { CommandError } from "../../src/errors/command-error.ts";
import type { LockDeps, LockRequest } from "../../src/lock/acquire-lock.ts";
import { fakeClock } from "./fake-clock.ts";
import { listener } from "./listener.ts";
import { processesOn } from "./lock-values.ts";
import { createMemoryBucket } from "./memory-store.ts";

export const ask: LockRequest = {
  command: "release --version v3",
  waitSeconds: 0,
  takeOverDead: async () => Promise.reject(new Error("no holder is known to be dead")),
};
const alive = new Map([[4711, "100"]]);

/** Bob, about to release v3 where the process of Ada's lock runs too. */
export function lockWorld(changes: Partial<LockDeps> = {}) {
  const bucket = createMemoryBucket();
  const reporter = listener();
  const deps: LockDeps = {
    store: bucket.connect(),
    clock: fakeClock(),
    reporter,
    processes: processesOn(alive),
    env: { CI_JOB_URL: "https://ci.example/1" },
    newId: () => "mine",
    signal: new AbortController().signal,
    ...changes,
  };
  const put = (text: unknown): void => {
    bucket.write("lock.json", typeof text === "string" ? text : JSON.stringify(text));
  };
  const idNow = (): unknown => {
    const text = bucket.read("lock.json");
    return text === undefined ? undefined : (JSON.parse(text) as { id: unknown }).id;
  };
  return { bucket, deps, reporter, put, idNow };
}

export async function refusal(held: Promise<unknown>): Promise<CommandError> {
  return held.then(
    () => expect.fail("the lock was taken"),
    (error: unknown) => error as CommandError,
  );
}
