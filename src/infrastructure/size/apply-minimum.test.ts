import { expect, test } from "vitest";
import { FakeStack } from "../../../test/_helpers/fake-stack.ts";
import { applyMinimum } from "./apply-minimum.ts";

async function apply(stack: FakeStack, min: number) {
  const said: string[] = [];
  const reporter = { notify: (event: object) => said.push(JSON.stringify(event)) };
  const changed = await applyMinimum({ ...stack.parts, reporter }, min);
  return { changed, said: said.join("\n") };
}

/** Blue serves with one instance, healthy for a long time. */
function stackOfOne(): FakeStack {
  const stack = new FakeStack({ now: () => 0 }).runs("blue", 1, 1);
  Object.assign(stack.groups.blue, { min: 1, desired: 1 });
  return stack;
}

test("a raised minimum starts the instances", async () => {
  const stack = stackOfOne();
  const { changed, said } = await apply(stack, 3);
  expect(changed).toBe(true);
  expect(said).toContain("minimum of the blue group: 1 -> 3 instances");
  expect(stack.groups.blue).toEqual({ min: 3, desired: 3, max: 4 });
});

test("a lowered minimum ends them again, and the serving instance stays, although it is the oldest", async () => {
  const stack = stackOfOne();
  await apply(stack, 3);
  // Two more instances start, and are not healthy yet.
  await stack.parts.fleet.groups();
  expect(stack.instances).toHaveLength(3);
  await apply(stack, 1);
  expect(stack.groups.blue).toEqual({ min: 1, desired: 1, max: 4 });
  expect(stack.instances.map(({ id }) => id)).toEqual(["i-1"]);
});

test("instances above the old minimum stay", async () => {
  const stack = stackOfOne();
  Object.assign(stack.groups.blue, { min: 2, desired: 3 });
  await apply(stack, 1);
  expect(stack.groups.blue).toEqual({ min: 1, desired: 3, max: 4 });
});

test("it changes the serving colour's group, and only once", async () => {
  const stack = stackOfOne();
  stack.weights = { blue: 0, green: 100 };
  Object.assign(stack.groups.green, { min: 1, desired: 1 });
  expect(await apply(stack, 2)).toMatchObject({ changed: true });
  expect(await apply(stack, 2)).toMatchObject({ changed: false });
  expect(stack.groups).toEqual({
    blue: { min: 1, desired: 1, max: 4 },
    green: { min: 2, desired: 2, max: 4 },
  });
});
