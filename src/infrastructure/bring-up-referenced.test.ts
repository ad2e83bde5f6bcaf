import { afterEach, expect, test } from "vitest";
import { FakeReferenced } from "../../test/_helpers/fake-referenced.ts";
import { infrastructureWorld, removeFolders } from "../../test/_helpers/infrastructure-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { bringUp } from "./bring-up.ts";

afterEach(removeFolders);

/** With an image that exists already, in place of a build. */
async function startReferenced() {
  const settings = config("image: { ref: ghcr.io/acme/server:1.2 }");
  const world = await infrastructureWorld({ config: settings });
  const referenced = new FakeReferenced(world.registry);
  const { openSession } = world.deps;
  const deps = {
    ...world.deps,
    referenced,
    openSession: async (stack: StackRecord) => ({ ...(await openSession(stack)), referenced }),
  };
  const asked = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
  return { ...world, referenced, up: async () => bringUp(deps, asked) };
}

test("an image that exists already is copied once the infrastructure is there, and Docker does nothing", async () => {
  const world = await startReferenced();
  const { release } = await world.up();
  expect(release.digest).toBe(world.referenced.digest);
  expect(world.referenced.copied).toEqual(["v1"]);
  expect(world.registry.verbs).toEqual([]);
  expect(await world.up()).toMatchObject({ changed: false, sourcesChanged: false });
});

test("an image that is not there ends a first up before anything is made, and later only warns", async () => {
  const world = await startReferenced();
  const { digest } = world.referenced;
  world.referenced.digest = null;
  await expect(world.up()).rejects.toMatchObject({ exitCode: 64 });
  expect(world.happened).toEqual([]);
  expect(world.terraform.exists).toEqual([]);
  world.referenced.digest = digest;
  await world.up();
  world.referenced.digest = null;
  expect(await world.up()).toMatchObject({ changed: false, sourcesChanged: false });
  expect(world.reporter.warnings()).toContainEqual(
    expect.stringContaining("There is no image ghcr.io"),
  );
});

test("a tag that has moved is shown as changed sources", async () => {
  const world = await startReferenced();
  await world.up();
  world.referenced.digest = `sha256:${"2".repeat(64)}`;
  expect(await world.up()).toMatchObject({ changed: false, sourcesChanged: true });
});
