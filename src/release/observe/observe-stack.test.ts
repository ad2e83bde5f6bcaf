import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { fakeZones } from "../../../test/_helpers/fake-zones.ts";
import { address, releaseWorld, served } from "../../../test/_helpers/release-world.ts";
import { agent } from "../../../test/_helpers/rollout-values.ts";
import { describe } from "../../errors/describe.ts";
import { judgeColour } from "./judge.ts";
import { observeFleet, observeStack } from "./observe-stack.ts";

type World = ReturnType<typeof releaseWorld>;

const alarmNames = ["app-production-blue-errors", "queue-depth"];

const observe = async ({ deps }: World) => observeStack(deps, alarmNames, address);

test("a stack that serves: weights, groups, instances with their reports, releases, alarms and the address", async () => {
  const world = releaseWorld();
  const instance = (id: string) => ({
    id,
    zone: "eu-west-1a",
    colour: "blue",
    lifecycle: "InService",
    targetHealth: "healthy",
    targetReason: "",
    agent: expect.objectContaining({ instance: id, release: 7, version: "v7", state: "healthy" }),
  });
  expect(await observe(world)).toEqual({
    weights: { blue: 100, green: 0 },
    groups: {
      blue: { min: 2, desired: 2, max: 4, zones: fakeZones, launches: [] },
      green: { min: 0, desired: 0, max: 4, zones: fakeZones, launches: [] },
    },
    instances: [instance("i-1"), instance("i-2")],
    releases: [served()],
    alarms: alarmNames.map((name) => ({ name, state: "OK", reason: "" })),
    address: { answered: true, version: "v7", detail: "GET /version answered 200" },
  });
});

test("the instances of both colours are there, each with its own colour's target", async () => {
  const world = releaseWorld({ startMilliseconds: 60_000 });
  Object.assign(world.stack.groups.green, { min: 1, desired: 1 });
  const { instances } = await observe(world);
  expect(instances.map(({ id, colour, targetHealth }) => [id, colour, targetHealth])).toEqual([
    ["i-1", "blue", "healthy"],
    ["i-2", "blue", "healthy"],
    ["i-3", "green", "initial"],
  ]);
});

test("the load balancer's reason for a bad target is part of the snapshot", async () => {
  const { deps } = releaseWorld();
  const reason = "Health checks failed with these codes: [500]";
  const health = [{ instance: "i-2", state: "unhealthy", reason }];
  const door = { ...deps.door, health: async () => Promise.resolve(health) };
  const { instances } = await observeFleet({ ...deps, door });
  expect(instances).toMatchObject([
    { id: "i-1", targetHealth: "absent", targetReason: "" },
    { id: "i-2", targetHealth: "unhealthy", targetReason: reason },
  ]);
});

test("an instance in Standby is there, and absent from the load balancer", async () => {
  const world = releaseWorld();
  world.stack.groups.blue.min = 1;
  world.stack.move(["i-1"], "Standby");
  expect((await observe(world)).instances[0]).toMatchObject({
    id: "i-1",
    lifecycle: "Standby",
    targetHealth: "absent",
    targetReason: "",
  });
});

/** The same stack, whose bucket has no report of one instance yet. */
function withoutReport(world: World, id: string): World {
  const get: World["deps"]["store"]["get"] = async (key) =>
    key === `agents/${id}.json` ? undefined : world.deps.store.get(key);
  return { ...world, deps: { ...world.deps, store: { ...world.deps.store, get } } };
}

test("an instance without a report has none, does not count as serving, and the others keep theirs", async () => {
  const seen = await observe(withoutReport(releaseWorld(), "i-1"));
  expect(seen.instances.map((one) => one.agent?.release)).toEqual([undefined, 7]);
  expect(seen.instances[0]?.agent).toBeNull();
  expect(judgeColour(seen, "blue", served(), 2, { verdict: "fine" })).toEqual({
    verdict: "waiting",
    detail: "1 of 2 targets healthy; i-1 booting; i-2 healthy",
  });
});

test("a report of another release is kept as it is, and does not count as serving", async () => {
  const world = releaseWorld();
  world.bucket.write(
    "agents/i-2.json",
    JSON.stringify(agent({ instance: "i-2", release: 6, state: "healthy" })),
  );
  const seen = await observe(world);
  expect(seen.instances.map((one) => one.agent?.release)).toEqual([7, 6]);
  expect(judgeColour(seen, "blue", served(), 2, { verdict: "fine" })).toMatchObject({
    verdict: "waiting",
    detail: expect.stringContaining("1 of 2 targets healthy"),
  });
});

test("a report in a format of the future is an error that names it, and says to update", async () => {
  const world = releaseWorld();
  world.bucket.write("agents/i-1.json", JSON.stringify({ ...agent(), schema_version: 2 }));
  await expect(observe(world)).rejects.toMatchObject({
    message:
      "agents/i-1.json in the state bucket has a format that this infer-deploy does not know.",
    where: "agents/i-1.json",
    why: "its schema_version is 2; this infer-deploy reads 1",
    next: expect.stringContaining("update infer-deploy"),
    exitCode: 1,
  });
});

test("a damaged report is an error that names the instance to end", async () => {
  const world = releaseWorld();
  world.bucket.write("agents/i-1.json", JSON.stringify({ ...agent(), state: "dancing" }));
  await expect(observe(world)).rejects.toMatchObject({
    message: "agents/i-1.json in the state bucket is damaged.",
    why: expect.stringMatching(/^state: /),
    next: expect.stringContaining("end the instance i-1"),
  });
});

test("a field that a newer agent adds is no reason to fail", async () => {
  const world = releaseWorld();
  world.bucket.write("agents/i-1.json", JSON.stringify({ ...agent(), gpu: "none" }));
  expect((await observe(world)).instances[0]?.agent).toMatchObject({ gpu: "none" });
});

test("a group that lacks instances is seen with its launches, newest first", async () => {
  const world = releaseWorld();
  world.stack.refusals.set("eu-west-1a", "no capacity");
  world.stack.groups.green.desired = 2;
  await observe(world);
  await world.clock.sleep(10_000);
  const { groups } = await observe(world);
  expect(groups.green).toMatchObject({ zones: ["eu-west-1a", "eu-west-1b"] });
  expect(groups.green.launches).toMatchObject([
    { zone: "eu-west-1a", state: "failed", reason: "no capacity" },
    { zone: "eu-west-1b", state: "done" },
    { zone: "eu-west-1a", state: "failed", reason: "no capacity" },
  ]);
  expect(groups.blue.launches).toEqual([]);
});

test("an instance that is on its way out is missing", async () => {
  const world = releaseWorld();
  const groups: typeof world.deps.fleet.groups = async () => {
    const found = await world.deps.fleet.groups();
    const instances = (found.blue?.instances ?? []).map((one) => ({
      ...one,
      lifecycle: "Terminating",
    }));
    return found.blue === undefined ? {} : { blue: { ...found.blue, instances } };
  };
  world.stack.launches.blue.push({ id: "l-1", zone: "", state: "failed", reason: "no key" });
  const seen = await observeFleet({ ...world.deps, fleet: { ...world.deps.fleet, groups } });
  expect(seen.groups.blue.launches).toMatchObject([{ id: "l-1" }]);
});

test("a group that does not exist has no instances and no room", async () => {
  const { deps } = releaseWorld();
  const groups: typeof deps.fleet.groups = async () => {
    const { blue } = await deps.fleet.groups();
    return blue === undefined ? {} : { blue };
  };
  const seen = await observeFleet({ ...deps, fleet: { ...deps.fleet, groups } });
  expect(seen.groups.green).toEqual({ min: 0, desired: 0, max: 0, zones: [], launches: [] });
  expect(seen.instances).toHaveLength(2);
});

test("a listener that is gone is an error that says how to get it back", async () => {
  const world = releaseWorld();
  world.stack.weights = undefined;
  await expect(observe(world)).rejects.toMatchObject({
    message: "The load balancer's listener does not exist.",
    next: "infer-deploy up --refresh creates it again",
  });
});

test("an address without an answer is part of the snapshot", async () => {
  const world = releaseWorld();
  world.stack.bad.set(7, { state: "crashed", detail: "", log_tail: [], restarts: 2 });
  const seen = await observe(world);
  expect(seen.address).toEqual({
    answered: false,
    version: null,
    detail: "GET /version answered 503",
  });
  expect(seen.instances).toMatchObject([{ agent: { state: "crashed", restarts: 2 } }, {}]);
});

test("alarms that are on or missing are part of the snapshot", async () => {
  const world = releaseWorld();
  world.stack.alarmsOn.add("queue-depth");
  world.stack.alarmsMissing.add("app-production-blue-errors");
  expect((await observe(world)).alarms).toEqual([
    { name: "app-production-blue-errors", state: "MISSING", reason: "" },
    { name: "queue-depth", state: "ALARM", reason: "Threshold Crossed" },
  ]);
});

test("a stack on which nothing has ever run can be observed", async () => {
  const world = releaseWorld({ empty: true });
  world.stack.groups.blue = { min: 0, desired: 0, max: 4 };
  expect(await observe(world)).toMatchObject({
    instances: [],
    releases: [],
    address: { answered: false },
  });
});

test.each([
  "door.weights",
  "door.health",
  "fleet.groups",
  "store.list",
  "store.get",
  "alarms.describe",
])("%s fails: the error is AWS's, with the request id", async (broken) => {
  const world = releaseWorld({
    weather: (call, when) => {
      if (call === broken && when === "before") {
        throw awsFailure("InternalFailure", "We made a mistake", "r-42");
      }
    },
  });
  const error: unknown = await observe(world).catch((thrown: unknown) => thrown);
  expect(describe(error)).toMatchObject({
    message: "InternalFailure: We made a mistake",
    where: "AWS request r-42",
  });
});
