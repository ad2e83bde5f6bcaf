import { afterEach, expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { infrastructureWorld, removeFolders } from "../../test/_helpers/infrastructure-world.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { resolveDesired } from "./desired.ts";
import { provision } from "./provision.ts";
import { tearDown, type TearDownDeps } from "./tear-down.ts";

afterEach(removeFolders);

const unprotected = () => ({ config: config("protection: false") });

/** A stack that serves, as `up` has left it. */
async function start() {
  const world = await infrastructureWorld(unprotected());
  const desired = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  await provision({ ...world.deps, yes: true }, { desired, applied: undefined, build: undefined });
  world.write(served());
  const destroy = async (changes: Partial<TearDownDeps> = {}) =>
    tearDown({ ...world.deps, ...changes });
  return { ...world, destroy };
}

test("the secrets go after the instances, and the question says that they will", async () => {
  const world = await start();
  world.secrets.set("TOKEN").set("KEY");
  let during = 0;
  world.terraform.onApply = async () => {
    during = (await world.secrets.list()).length;
  };
  await world.destroy();
  expect(during).toBe(2);
  expect(await world.secrets.list()).toEqual([]);

  const asked: string[] = [];
  const other = await start();
  other.secrets.set("TOKEN");
  const reporter = {
    ...other.reporter,
    ask: async (question: string) => {
      asked.push(question);
      return false;
    },
  };
  await expect(other.destroy({ yes: false, reporter })).rejects.toThrow("Nothing was destroyed");
  expect(asked).toEqual([
    "Destroy app (production) in eu-west-1, with its images, its 1 secret and its history?",
  ]);
  expect(await other.secrets.list()).toHaveLength(1);
});

test("secrets of a stack that never came up are asked about, and deleted", async () => {
  const world = await infrastructureWorld({ ...unprotected(), answer: false });
  world.secrets.set("TOKEN");
  const findLeft = async () => ({
    left: (await world.secrets.list()).map(({ arn }) => arn),
    unsure: [],
  });
  await expect(tearDown({ ...world.deps, findLeft })).rejects.toThrow("Nothing was destroyed");
  expect(await world.secrets.list()).toHaveLength(1);
  await tearDown({ ...world.deps, findLeft, yes: true });
  expect(await world.secrets.list()).toEqual([]);
});

test("a stack is destroyed by credentials that may not ask for secrets", async () => {
  const world = await start();
  const list = async () => Promise.reject(awsFailure("AccessDeniedException", "not you"));
  expect(await world.destroy({ secrets: { list, remove: async () => undefined } })).toContain(
    "2 resources destroyed",
  );
});
