import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  removeFolders,
  type InfrastructureOptions,
} from "../../test/_helpers/infrastructure-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { bringUp } from "./bring-up.ts";

afterEach(removeFolders);

/** A stack that is up; `up` runs again, perhaps with another configuration. */
async function start(options: InfrastructureOptions = {}) {
  const world = await infrastructureWorld(options);
  const up = async (text = "", takeLock = world.deps.takeLock) => {
    const changed = config(text);
    const openSession: typeof world.deps.openSession = async (stack) => ({
      ...(await world.deps.openSession(stack)),
      config: changed,
    });
    const sources = { ...world.sources, config: changed };
    return bringUp(
      { ...world.deps, config: changed, sources, openSession, takeLock },
      { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false },
    );
  };
  await up();
  world.happened.length = 0;
  world.stack.calls.length = 0;
  return { ...world, up };
}

test("a minimum that is not the configuration's is set with the lock held", async () => {
  const world = await start();
  world.stack.groups.blue.min = 1;
  expect(await world.up()).toMatchObject({ changed: true });
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
  expect(world.happened).toEqual(["bucket", "lock", "unlock"]);
});

test("a release that is in progress keeps the minimum that it has set", async () => {
  const world = await start();
  world.stack.groups.blue.min = 1;
  const locked = new Error("The stack is locked");
  await expect(world.up("", async () => Promise.reject(locked))).rejects.toBe(locked);
  expect(world.stack.groups.blue).toMatchObject({ min: 1, desired: 2 });
  expect(world.stack.calls).not.toContain("fleet.scale");
});

test("a minimum above the new maximum is lowered before Terraform lowers the maximum", async () => {
  const world = await start();
  const { blue } = world.stack.groups;
  // AWS refuses a maximum below the minimum, and Terraform sends the maximum alone.
  world.terraform.onApply = () => {
    if (blue.min > 1) throw new Error(`Max bound, 1, must be at least min bound, ${blue.min}`);
  };
  const done = await world.up("instances: { min: 1, max: 1 }");
  expect(done).toMatchObject({ changed: true });
  expect(blue).toMatchObject({ min: 1, desired: 1 });
});

test("the answer no leaves the minimum too", async () => {
  const world = await start({ answer: true });
  Object.assign(world.reporter, { ask: async () => false });
  await expect(world.up("instances: { min: 1, max: 1 }")).rejects.toThrow("Nothing was applied.");
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
});
