import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../../test/_helpers/infrastructure-world.ts";
import { served } from "../../../test/_helpers/release-world.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import type { Leftovers } from "../../aws/leftovers/find-left.ts";
import { bringUp } from "../bring-up.ts";
import { resolveDesired } from "../desired.ts";
import { forecastUp } from "../forecast.ts";
import { provision } from "../provision.ts";
import { tearDown } from "../tear-down.ts";

afterEach(removeFolders);

/** A stack that serves, and whose Terraform state a person has deleted. */
async function start() {
  const world = await infrastructureWorld({ config: config("protection: false") });
  const desired = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  await provision({ ...world.deps, yes: true }, { desired, applied: undefined, build: undefined });
  world.write(served());
  await world.deps.store.removeAll("terraform.tfstate");
  world.terraform.steps.length = 0;
  const destroy = async (left: Leftovers["left"]) =>
    tearDown({ ...world.deps, findLeft: async () => ({ left, unsure: [] }) });
  return { ...world, destroy };
}

const lost = {
  message: "Terraform's state of app (production) is gone.",
  where: expect.stringMatching(/^s3:\/\/.*\/app\/production\/terraform\.tfstate$/),
  next: expect.stringContaining("aws s3api list-object-versions --bucket"),
};

test("neither up nor plan begins from nothing", async () => {
  const world = await start();
  const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
  await expect(bringUp(world.deps, request)).rejects.toMatchObject(lost);
  await expect(forecastUp(world.deps, request)).rejects.toMatchObject(lost);
  expect(world.terraform.steps).toEqual([]);
});

test("destroy does not forget a stack of which AWS has something", async () => {
  const world = await start();
  await expect(world.destroy(["load balancer app"])).rejects.toMatchObject(lost);
  expect(world.terraform.steps).toEqual([]);
  expect(await world.deps.store.get("stack.json")).toBeDefined();
});

test("destroy tidies up what an interrupted one has left of the documents", async () => {
  const world = await start();
  await world.destroy([]);
  expect(await world.deps.store.list("")).toEqual([]);
});
