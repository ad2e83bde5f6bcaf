import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../test/_helpers/infrastructure-world.ts";
import { bringUp } from "./bring-up.ts";

afterEach(removeFolders);

const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };

test("a bucket under the user's own key names the role that the key must allow", async () => {
  const world = await infrastructureWorld();
  const ensureBucket = async () => "arn:aws:kms:eu-west-1:123456789012:key/team";
  await bringUp({ ...world.deps, ensureBucket }, request);
  expect(world.reporter.warnings()).toContainEqual(
    expect.stringMatching(
      /key\/team: without kms:Decrypt .* role app-production-eu-west-1-instance/,
    ),
  );
});

test("without one there is nothing to say", async () => {
  const world = await infrastructureWorld();
  await bringUp(world.deps, request);
  expect(world.reporter.warnings().filter((text) => text.includes("kms"))).toEqual([]);
});
