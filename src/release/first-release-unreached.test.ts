import { expect, test } from "vitest";
import { firstReleaseWorld } from "../../test/_helpers/first-release-world.ts";

/** From here nothing answers. */
const fetch: typeof globalThis.fetch = async () => {
  throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
};

test("an address that cannot be reached from here keeps the healthy instances, and the next run restarts none of them", async () => {
  const world = firstReleaseWorld();
  await expect(world.bringUp("v1", { fetch })).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("its targets are healthy"),
    detail: ["GET /version: ENOTFOUND"],
    next: expect.stringMatching(/^network\.allow must let this machine in .*it must be in the VPC/),
  });
  const before = structuredClone(world.stack.instances);
  expect(before).toMatchObject([{ release: 1 }, { release: 1 }]);
  const record = await world.bringUp("v1");
  expect(record).toMatchObject({ release: 2, deployment: 1, outcome: "succeeded" });
  expect(world.stack.instances).toEqual(before);
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
});

test("other content than what was kept is its own deployment", async () => {
  const world = firstReleaseWorld();
  await expect(world.bringUp("v1", { fetch })).rejects.toMatchObject({ exitCode: 4 });
  expect(await world.bringUp("v2")).toMatchObject({ release: 2, deployment: 2 });
});
