import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../test/_helpers/infrastructure-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { bringUp, type BringUpRequest } from "./bring-up.ts";

afterEach(removeFolders);

/** A stack that is up; `up` runs again, perhaps with another configuration. */
async function start() {
  const world = await infrastructureWorld();
  const up = async (request: Partial<BringUpRequest> = {}, text = "") => {
    const changed = config(text);
    const openSession: typeof world.deps.openSession = async (stack) => ({
      ...(await world.deps.openSession(stack)),
      config: changed,
    });
    const sources = { ...world.sources, config: changed };
    return bringUp(
      { ...world.deps, config: changed, sources, openSession },
      { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false, ...request },
    );
  };
  await up();
  world.terraform.steps.length = 0;
  return { ...world, up };
}

test("a machine with a newer provider applies with the stack's own, until an upgrade is asked for", async () => {
  const world = await start();
  expect(await world.up()).toMatchObject({ stack: { provider_version: "5.100.0" } });
  Object.assign(world.terraform, { provider: "6.2.0", newestProvider: "6.2.0" });
  const again = await world.up({ refresh: true });
  expect(again).toMatchObject({ stack: { provider_version: "5.100.0" } });
  world.terraform.steps.length = 0;
  expect(await world.up({ upgradeProvider: true })).toMatchObject({
    changed: true,
    stack: { provider_version: "6.2.0" },
  });
  expect(world.terraform.steps).toEqual(["init", "plan"]);
  const note = { type: "note", text: "AWS provider 5.100.0 -> 6.2.0" };
  expect(world.reporter.events).toContainEqual(note);
  world.terraform.provider = "5.100.0";
  expect(await world.up({ refresh: true })).toMatchObject({ stack: { provider_version: "6.2.0" } });
});

test("after an apply with a new provider that failed, the old one is not taken again", async () => {
  const world = await start();
  world.terraform.newestProvider = "6.2.0";
  world.terraform.variables = "changed in the console";
  world.terraform.failures.set("apply", new Error("AccessDenied"));
  await expect(world.up({ upgradeProvider: true })).rejects.toThrow("AccessDenied");
  world.terraform.failures.clear();
  world.terraform.provider = "5.100.0";
  expect(await world.up({ refresh: true })).toMatchObject({ stack: { provider_version: "6.2.0" } });
});

test("an upgrade of the provider has its own plan", async () => {
  const world = await start();
  await expect(world.up({ upgradeProvider: true }, "instances: { max: 9 }")).rejects.toThrow(
    "The AWS provider is upgraded without other changes.",
  );
  expect(world.terraform.steps).toEqual([]);
});
