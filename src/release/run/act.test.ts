import { expect, test } from "vitest";
import { next, releaseWorld, served } from "../../../test/_helpers/release-world.ts";
import { writePause } from "../../state/pause.ts";
import { act } from "./act.ts";

const none = { blue: 100, green: 0 };

/** A stack on which v7 serves on blue, and changes as a release of v8 makes them. */
function start() {
  const world = releaseWorld();
  const { stack, clock } = world;
  const deps = { ...world.deps, record: next(), token: "secret", now: clock.now };
  return { stack, world, make: async (action: Parameters<typeof act>[1]) => act(deps, action) };
}

test("claim takes the planned end of a colour back", async () => {
  const { stack, make } = start();
  stack.retiring.green = new Date(0);
  await make({ do: "claim", colour: "green" });
  expect(stack.retiring).toEqual({});
});

test("clear ends what an earlier release left on a colour, and nothing else", async () => {
  const { stack, make } = start();
  stack.runs("green", 6, 2);
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  await make({ do: "clear", colour: "green" });
  stack.settle();
  expect(stack.of("green")).toEqual([]);
  expect(stack.of("blue")).toHaveLength(2);
});

test("point names the release, its image and its record; the way of updating is the instances' own", async () => {
  const { stack, make } = start();
  await make({ do: "point", colour: "green", deployment: 8, update: "at-once" });
  expect(stack.pointers).toMatchObject({ blue: { release: 7 } });
  expect(stack.pointers.green).toEqual({
    schema_version: 1,
    release: 8,
    version: "v8",
    image: "registry/app@sha256:88",
    record: "app/production/releases/0008.json",
  });
});

test("for an update in Standby the instances look every two seconds, because a way back must not wait", async () => {
  const { stack, make } = start();
  await make({ do: "point", colour: "blue", deployment: 8, update: "in-standby" });
  expect(stack.pointers.blue).toMatchObject({ release: 8, update: "in-standby", poll_seconds: 2 });
});

test("on a colour whose instances were ended, those that are still there keep what they run", async () => {
  const { stack, make } = start();
  await make({ do: "point", colour: "green", deployment: 8, update: "never" });
  expect(stack.pointers.green).toMatchObject({ release: 8, update: "never" });
  expect(stack.pointers.green).not.toHaveProperty("poll_seconds");
});

test("the release's own record is not read for its pointer; an older one's is", async () => {
  const { stack, make } = start();
  await make({ do: "point", colour: "green", deployment: 8, update: "at-once" });
  expect(stack.calls).toEqual(["pointers.write"]);
  await make({ do: "point", colour: "blue", deployment: 7, update: "at-once" });
  expect(stack.calls).toEqual(["pointers.write", "store.get", "pointers.write"]);
  expect(stack.pointers.blue).toMatchObject({ release: 7, image: served().image });
});

test("a release of which there is no record is not pointed at", async () => {
  const { stack, make } = start();
  const wrong = make({ do: "point", colour: "green", deployment: 3, update: "at-once" });
  await expect(wrong).rejects.toThrow("Release 3 has no record.");
  expect(stack.pointers.green).toBeNull();
});

test("scale sets both, or leaves what the group wants as it is", async () => {
  const { stack, make } = start();
  await make({ do: "scale", colour: "green", minimum: 2, desired: 3 });
  expect(stack.groups.green).toEqual({ min: 2, desired: 3, max: 4 });
  await make({ do: "scale", colour: "green", minimum: 1, desired: null });
  expect(stack.groups.green).toEqual({ min: 1, desired: 3, max: 4 });
});

test("the probe's rule leads the release's own token to the colour, until it is closed", async () => {
  const { stack, make } = start();
  await make({ do: "open-probe", colour: "green" });
  expect(stack.probe).toEqual({ colour: "green", token: "secret" });
  await make({ do: "close-probe" });
  expect(stack.probe).toBeNull();
});

test("weigh sets both weights in one call", async () => {
  const { stack, make } = start();
  expect(stack.weights).toEqual(none);
  await make({ do: "weigh", weights: { blue: 90, green: 10 } });
  expect(stack.weights).toEqual({ blue: 90, green: 10 });
  expect(stack.calls).toEqual(["door.setWeights"]);
});

test("retire plans the end of a colour so many seconds from now", async () => {
  const { stack, world, make } = start();
  await make({ do: "retire", colour: "blue", seconds: 600 });
  expect(stack.retiring).toEqual({ blue: new Date("2026-01-01T01:10:00.000Z") });
  expect(stack.of("blue")).toHaveLength(2);
  await world.clock.sleep(600_000);
  stack.settle();
  expect(stack.of("blue")).toEqual([]);
});

test("users get 503 with a time to ask again, and the service again", async () => {
  const { stack, make } = start();
  await make({ do: "answer", by: "pause" });
  expect(stack.pause).toMatchObject({ retryAfterSeconds: 10, token: "secret" });
  await make({ do: "answer", by: "service" });
  expect(stack.pause).toBeNull();
});

test("a maintenance keeps its message, before and after", async () => {
  const { stack, world, make } = start();
  const reason = { since: "2026-01-01T00:00:00Z", who: "ada@host", message: "Back at 8." };
  await writePause(world.deps.store, undefined, {
    schema_version: 1,
    token: "way-past",
    maintenance: { ...reason, retry_after_seconds: 600 },
    sleep: null,
  });
  await make({ do: "answer", by: "pause" });
  await make({ do: "answer", by: "service" });
  expect(stack.calls.filter((call) => call.startsWith("barrier."))).toEqual([]);
});

test("instances go to Standby and come back", async () => {
  const { stack, make } = start();
  stack.groups.blue.min = 1;
  await make({ do: "enter-standby", colour: "blue", instances: ["i-2"] });
  expect(stack.instances.map(({ lifecycle }) => lifecycle)).toEqual(["InService", "Standby"]);
  await make({ do: "exit-standby", colour: "blue", instances: ["i-2"] });
  expect(stack.instances.map(({ lifecycle }) => lifecycle)).toEqual(["InService", "InService"]);
});

test("what AWS refuses is thrown as it is", async () => {
  const { make } = start();
  const refused = make({ do: "enter-standby", colour: "blue", instances: ["i-1"] });
  await expect(refused).rejects.toMatchObject({ name: "ValidationError" });
});
