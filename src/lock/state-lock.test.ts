import { expect, test } from "vitest";
import { createMemoryBucket } from "../../test/_helpers/memory-store.ts";
import { readStateLock, removeStateLock } from "./state-lock.ts";

const key = "terraform.tfstate.tflock";
const lock = {
  ID: "02188928",
  Operation: "OperationTypeApply",
  Who: "root@vm",
  Created: "2026-11-27T08:15:41.123Z",
};
const clock = { now: () => new Date("2026-11-27T08:18:41Z") };

test("the lock that the question shows is removed, and a later one is not", async () => {
  const store = createMemoryBucket().connect();
  expect(await readStateLock(store)).toBeUndefined();
  await store.put(key, lock);
  const found = await readStateLock(store);
  if (found === undefined) throw new Error("there is a lock");
  const questions: string[] = [];
  const confirm = (answer: boolean) => async (question: string) => {
    questions.push(question);
    return answer;
  };
  expect(await removeStateLock({ store, clock, confirm: confirm(false) }, found)).toBe(false);
  expect(questions[0]).toMatch(/^Terraform's lock of root@vm: apply, 2 min ago\. Remove it\?/);
  await store.put(key, { ...lock, ID: "later" });
  await removeStateLock({ store, clock, confirm: confirm(true) }, found);
  const later = await readStateLock(store);
  expect(later?.lock.id).toBe("later");
  if (later !== undefined) await removeStateLock({ store, clock, confirm: confirm(true) }, later);
  expect(await readStateLock(store)).toBeUndefined();
});
