import { expect, test } from "vitest";
import { FakeStack } from "../../../test/_helpers/fake-stack.ts";
import { createMemoryBucket } from "../../../test/_helpers/memory-store.ts";
import { applyScaling } from "./apply-scaling.ts";

test("the colour that serves follows its policies, and the other one rests", async () => {
  const stack = new FakeStack({ now: () => 0 });
  stack.weights = { blue: 0, green: 100 };
  await applyScaling({ ...stack.parts, store: createMemoryBucket().connect() });
  expect(stack.scaling).toEqual({ blue: false, green: true });
});
