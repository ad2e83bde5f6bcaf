import { expect, test } from "vitest";
import { createCostReader } from "./cost-reader.ts";
import type { PageCost } from "./page-document.ts";

const cost: PageCost = { sum: "about 1 USD a month", parts: [], notes: [], budget: null };
const settled = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("a look does not wait for the costs, and they are asked for once an hour", async () => {
  let asked = 0;
  const answer = Promise.withResolvers<PageCost>();
  const read = createCostReader(async () => {
    asked += 1;
    return answer.promise;
  });
  expect(read(1000)).toEqual({ cost: null, warnings: [] });
  expect(read(1002).cost).toBeNull();
  answer.resolve(cost);
  await settled();
  for (const now of [1004, 4599]) expect(read(now).cost).toBe(cost);
  expect(asked).toBe(1);
  read(4600);
  expect(asked).toBe(2);
});

test("while they cannot be read, the last ones stay, with a warning", async () => {
  let isAllowed = true;
  const read = createCostReader(async () => {
    if (isAllowed) return cost;
    throw new Error("not authorized");
  });
  read(0);
  await settled();
  isAllowed = false;
  read(3600);
  await settled();
  expect(read(3602)).toEqual({
    cost,
    warnings: [expect.stringMatching(/^the cost could not be estimated: .*not authorized$/)],
  });
  isAllowed = true;
  read(7200);
  await settled();
  expect(read(7202).warnings).toEqual([]);
});
