import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  keyGroupArn,
  removeFolders,
} from "../../test/_helpers/infrastructure-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { bringUp, type BringUpDeps } from "./bring-up.ts";
import { tearDown } from "./tear-down.ts";

afterEach(removeFolders);

const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
const withKeys = config("auth: keys\nprotection: false");
const without = config("protection: false");

async function start(settings = withKeys) {
  const world = await infrastructureWorld({ config: settings });
  const up = async (changes: Partial<BringUpDeps> = {}) =>
    bringUp({ ...world.deps, ...changes }, request);
  /** The same with another configuration. */
  const as = (other: typeof settings): Partial<BringUpDeps> => ({
    config: other,
    sources: { ...world.sources, config: other },
  });
  return { ...world, up, as };
}

test("the keys and their rule group come before the plan, which names it", async () => {
  const world = await start();
  let planned: string | undefined;
  world.terraform.onApply = async () => {
    planned = world.happened.join(" ");
  };
  const { stack } = await world.up();
  expect(planned).toBe("bucket lock keys");
  expect(stack.key_group).toBe(keyGroupArn);
});

test("a second up asks neither for the rule group nor for the keys", async () => {
  const world = await start();
  await world.up();
  world.happened.length = 0;
  const keyGroup = async (): Promise<string> => {
    throw new Error("asked");
  };
  const again = await world.up({ sources: { ...world.sources, keyGroup } });
  expect(again.changed).toBe(false);
  expect(world.happened).toEqual([]);
});

test("without auth the rule group goes after the apply, and no later up asks again", async () => {
  const world = await start();
  await world.up();
  world.happened.length = 0;
  const { stack } = await world.up(world.as(without));
  expect(world.happened).toEqual(["bucket", "lock", "no key group", "headers", "unlock"]);
  expect(stack.key_group).toBeUndefined();
  world.happened.length = 0;
  await world.up(world.as(without));
  expect(world.happened).toEqual([]);
});

test("destroy deletes the rule group after the web ACL that refers to it", async () => {
  const world = await start();
  await world.up();
  world.happened.length = 0;
  world.terraform.onApply = async () => void world.happened.push("destroyed");
  await tearDown(world.deps);
  expect(world.happened).toEqual(["lock", "destroyed", "no key group", "unlock"]);
});

test("destroy deletes a rule group that only AWS's index knows, as after an up that was refused", async () => {
  const world = await start(without);
  await world.up();
  world.happened.length = 0;
  const findLeft = async () => ({
    left: world.happened.includes("no key group") ? [] : [keyGroupArn],
    unsure: [],
  });
  await tearDown({ ...world.deps, findLeft });
  expect(world.happened).toContain("no key group");
});

test("destroy of a stack without keys needs no right to look for them", async () => {
  const world = await start(without);
  await world.up();
  world.happened.length = 0;
  await tearDown(world.deps);
  expect(world.happened).not.toContain("no key group");
});
