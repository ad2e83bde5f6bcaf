import { expect, test } from "vitest";
import { next, releaseWorld, served } from "../../../test/_helpers/release-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { readServingColour } from "./serving-colour.ts";
import { readServing } from "./serving.ts";

const stack = stackRecord();

test("what serves is the newest good release of the colour that has the traffic", async () => {
  const world = releaseWorld();
  world.write(served({ release: 6, deployment: 6, version: "v6" }));
  world.write(next({ colour: "blue", outcome: "rolled-back" }));
  const { active, fleet, releases } = await readServing(world.deps, stack);
  expect(active.release).toBe(7);
  expect(releases.map(({ release }) => release)).toEqual([8, 7, 6]);
  expect(fleet.weights).toEqual({ blue: 100, green: 0 });
});

test("after the traffic has moved it is the other colour's", async () => {
  const world = releaseWorld();
  world.write(next({ outcome: "succeeded" }));
  world.stack.weights = { blue: 0, green: 100 };
  expect((await readServing(world.deps, stack)).active.release).toBe(8);
});

test("a good release on a colour that has no traffic does not serve", async () => {
  const world = releaseWorld();
  world.write(next({ outcome: "succeeded" }));
  expect((await readServing(world.deps, stack)).active.release).toBe(7);
});

test("a stack that has never served says so, and which command makes the first release", async () => {
  const world = releaseWorld({ empty: true });
  await expect(readServing(world.deps, stack)).rejects.toMatchObject({
    message: expect.stringContaining("app (production)"),
    next: expect.stringContaining("infer-deploy up"),
  });
});

test("as many records are read as a rollback wants to choose from", async () => {
  const world = releaseWorld();
  for (let release = 8; release < 40; release += 1) {
    world.write(served({ release, deployment: release }));
  }
  expect((await readServing(world.deps, stack)).releases).toHaveLength(10);
  expect((await readServing(world.deps, stack, 25)).releases).toHaveLength(25);
});

test("the colour with more of the traffic serves; without a listener none does", async () => {
  const world = releaseWorld();
  const { door } = world.deps;
  expect(await readServingColour(door)).toBe("blue");
  world.stack.weights = { blue: 40, green: 60 };
  expect(await readServingColour(door)).toBe("green");
  world.stack.weights = { blue: 50, green: 50 };
  expect(await readServingColour(door)).toBe("blue");
  world.stack.weights = undefined;
  expect(await readServingColour(door)).toBeUndefined();
});
