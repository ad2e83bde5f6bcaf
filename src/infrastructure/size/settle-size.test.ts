import { expect, test } from "vitest";
import { pauseWorld } from "../../../test/_helpers/pause-world.ts";
import { needsSize, settleSize } from "./settle-size.ts";

/** `up` with this minimum. */
const up = async (world: ReturnType<typeof pauseWorld>, min: number) =>
  settleSize({ ...world.depsWith(), reporter: world.reporter }, min);

test("a sleeping stack sleeps on, and wakes with the minimum of the last up", async () => {
  const world = pauseWorld();
  await world.run("sleep");
  world.stack.calls.length = 0;
  expect(await needsSize(world.depsWith(), 3)).toBe(true);
  expect(await up(world, 3)).toBe(true);
  expect(await needsSize(world.depsWith(), 3)).toBe(false);
  expect(world.stack.calls.filter((call) => call.startsWith("fleet."))).toEqual([]);
  expect(world.reporter.warnings()).toEqual(["the stack is asleep; infer-deploy wake starts it"]);
  await world.run("wake");
  expect(world.stack.groups.blue).toMatchObject({ min: 3, desired: 3 });
});

test("in maintenance a changed minimum is set at once, and a new listener answers too", async () => {
  const world = pauseWorld();
  await world.run("maintenance on");
  const { pause } = world.stack;
  world.stack.pause = null;
  expect(await up(world, 3)).toBe(true);
  expect(world.stack.pause).toEqual(pause);
  expect(world.stack.groups.blue).toMatchObject({ min: 3, desired: 3 });
  expect(world.stack.scaling.blue).toBe(false);
});

test("without a pause nothing of it is touched", async () => {
  const world = pauseWorld();
  expect(await up(world, 2)).toBe(false);
  expect(world.stack.calls.filter((call) => call.startsWith("barrier."))).toEqual([]);
  expect(world.reporter.warnings()).toEqual([]);
});
