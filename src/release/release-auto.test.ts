import { expect, test } from "vitest";
import { releaseSession, type SessionOptions } from "../../test/_helpers/release-session.ts";
import { releaseVersion } from "./release.ts";

const lack =
  "InsufficientInstanceCapacity - We currently do not have sufficient g6.xlarge capacity in the Availability Zone you requested";

function setUp(options: SessionOptions = {}) {
  const world = releaseSession({
    settings: { release: { strategy: "auto", bake: "10s" } },
    ...options,
  });
  const begun: number[] = [];
  const request = { version: "v8", fromImage: undefined, build: false, buildArgs: {} };
  const progress = { record: undefined };
  const withoutMachines = (): void => {
    for (const zone of ["eu-west-1a", "eu-west-1b"]) world.stack.refusals.set(zone, lack);
  };
  return {
    ...world,
    begun,
    withoutMachines,
    release: async (roomFor = world.session.roomFor) =>
      releaseVersion({ ...world.session, roomFor }, request, world.intent, progress, (record) => {
        begun.push(record.release);
      }),
  };
}

test("auto moves to a second fleet where there is one", async () => {
  const { release, record, stack, reporter } = setUp();
  await release();
  expect(record(8)).toMatchObject({
    strategy: "blue-green",
    strategy_reason: "no quota stands against 2 further instances",
    outcome: "succeeded",
  });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(reporter.events).toContainEqual({
    type: "note",
    text: "release.strategy auto: blue-green, because no quota stands against 2 further instances",
  });
});

test("auto updates in place where the quotas have no room", async () => {
  const { release, record, stack } = setUp();
  await release(async () => [{ what: "quota vCPUs: 4 of 5 in use", next: "raise it" }]);
  expect(record(8)).toMatchObject({
    strategy: "rolling",
    strategy_reason: "quota vCPUs: 4 of 5 in use",
    outcome: "succeeded",
  });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
});

test("a second fleet that cannot start makes the same run update in place, and ends no instance that serves", async () => {
  const { release, record, stack, withoutMachines, begun, reporter } = setUp();
  withoutMachines();
  const before = stack.instances.map(({ id }) => id);
  const done = await release();
  expect(record(8)).toMatchObject({ strategy: "blue-green", outcome: "rolled-back" });
  expect(record(8)?.reason).toContain("InsufficientInstanceCapacity");
  expect(done.record).toMatchObject({
    release: 9,
    version: "v8",
    strategy: "rolling",
    strategy_reason: "release 8 found no machines for a second fleet",
    outcome: "succeeded",
  });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(stack.instances.map(({ id }) => id)).toEqual(before);
  expect(begun).toEqual([8]);
  expect(reporter.warnings()).toContainEqual(expect.stringMatching(/^a second fleet cannot start/));
});

test("a strategy that the user chose ends without machines, and names the next command", async () => {
  const { release, withoutMachines, record } = setUp({
    settings: { release: { strategy: "blue-green", bake: "10s" } },
  });
  withoutMachines();
  await expect(release()).rejects.toMatchObject({
    exitCode: 3,
    next: expect.stringContaining("infer-deploy release --strategy rolling"),
  });
  expect(record(9)).toBeUndefined();
});

test("auto does not try again what is wrong with the version", async () => {
  const { release, stack, record } = setUp();
  stack.bad.set(8, { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 });
  await expect(release()).rejects.toMatchObject({ exitCode: 3 });
  expect(record(9)).toBeUndefined();
});
