import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { address, releaseWorld } from "../../../test/_helpers/release-world.ts";
import { agent, stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { allAlarms } from "./alarms.ts";
import { observeFleet, observeStack } from "./observe-stack.ts";

const alarmNames = allAlarms(stackRecord().outputs);

test("one snapshot has the weights, the groups, the instances, the history, the alarms and the address", async () => {
  const world = releaseWorld();
  world.stack.groups.blue.desired = 3;
  world.stack.alarmsOn.add("app-production-blue-errors");
  const seen = await observeStack(world.deps, alarmNames, address);
  expect(seen.weights).toEqual({ blue: 100, green: 0 });
  expect(seen.groups).toEqual({
    blue: { min: 2, desired: 3, max: 4, launchFailure: null },
    green: { min: 0, desired: 0, max: 4, launchFailure: null },
  });
  expect(seen.instances).toHaveLength(3);
  expect(seen.instances[0]).toMatchObject({
    id: "i-1",
    zone: "eu-west-1a",
    colour: "blue",
    lifecycle: "InService",
    targetHealth: "healthy",
    agent: { release: 7, state: "healthy" },
  });
  expect(seen.releases.map(({ release }) => release)).toEqual([7]);
  expect(seen.alarms.map(({ name }) => name)).toEqual(alarmNames);
  expect(seen.alarms.filter(({ state }) => state === "ALARM")).toHaveLength(1);
  expect(seen.address).toMatchObject({ answered: true, version: "v7" });
});

test("a listener that is gone is an error with the command that makes it again", async () => {
  const world = releaseWorld();
  world.stack.weights = undefined;
  await expect(observeFleet(world.deps)).rejects.toMatchObject({
    message: "The load balancer's listener does not exist.",
    next: expect.stringContaining("infer-deploy up --refresh"),
  });
});

test("an instance that has not reported yet, or is not registered, is there all the same", async () => {
  const world = releaseWorld();
  const { deps } = world;
  const noReports = {
    ...deps,
    store: { get: async () => undefined },
    door: { ...deps.door, health: async () => [] },
  };
  const { instances } = await observeFleet(noReports);
  expect(instances).toHaveLength(2);
  expect(instances[0]).toMatchObject({ agent: null, targetHealth: "absent", targetReason: "" });
});

test("the load balancer's reason is kept with the instance that it is about", async () => {
  const { deps } = releaseWorld();
  const reason = "Target.Timeout: Request timed out";
  const health = async () => [{ instance: "i-2", state: "unhealthy", reason }];
  const { instances } = await observeFleet({ ...deps, door: { ...deps.door, health } });
  expect(instances.map(({ targetReason }) => targetReason)).toEqual(["", reason]);
});

test("why a launch failed is asked for only where instances are missing", async () => {
  const world = releaseWorld();
  const { stack, deps } = world;
  await observeFleet(deps);
  expect(stack.calls).not.toContain("fleet.launchFailure");
  stack.launchFailure = { reason: "no capacity", at: "2026-01-01T01:00:00.000Z" };
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  const { groups } = await observeFleet(deps);
  expect(groups.green.launchFailure).toEqual(stack.launchFailure);
  expect(groups.blue.launchFailure).toBeNull();
  expect(stack.calls.filter((call) => call === "fleet.launchFailure")).toHaveLength(1);
});

test("a group that is gone has no capacity, and is not asked why it has no instances", async () => {
  const { deps, stack } = releaseWorld();
  const fleet = {
    ...deps.fleet,
    groups: async () => {
      const { blue } = await deps.fleet.groups();
      return blue === undefined ? {} : { blue };
    },
  };
  const { groups } = await observeFleet({ ...deps, fleet });
  expect(groups.green).toEqual({ min: 0, desired: 0, max: 0, launchFailure: null });
  expect(stack.calls).not.toContain("fleet.launchFailure");
});

test("a report in a format of a newer agent is refused by its name, with a way out", async () => {
  const world = releaseWorld();
  world.bucket.write("agents/i-2.json", JSON.stringify({ ...agent(), schema_version: 2 }));
  await expect(observeFleet(world.deps)).rejects.toMatchObject({
    message: expect.stringContaining("agents/i-2.json"),
    why: expect.stringContaining("its schema_version is 2"),
    next: expect.stringContaining("update infer-deploy"),
  });
});

test("a damaged report names the instance to end", async () => {
  const world = releaseWorld();
  const { state: _, ...rest } = agent();
  world.bucket.write("agents/i-2.json", JSON.stringify(rest));
  await expect(observeFleet(world.deps)).rejects.toMatchObject({
    message: "agents/i-2.json in the state bucket is damaged.",
    next: expect.stringContaining("i-2"),
  });
});

test("AWS's own errors are thrown as they are", async () => {
  const denied = awsFailure("AccessDenied", "not you");
  const world = releaseWorld({
    weather: (call) => {
      if (call === "alarms.describe") throw denied;
    },
  });
  await expect(observeStack(world.deps, alarmNames, address)).rejects.toBe(denied);
});

test("an address without an answer is an answer", async () => {
  const world = releaseWorld();
  world.stack.instances = [];
  Object.assign(world.stack.groups.blue, { min: 0, desired: 0 });
  const seen = await observeStack(world.deps, [], address);
  expect(seen.address).toEqual({
    answered: false,
    version: null,
    detail: "GET /version answered 503",
  });
});
