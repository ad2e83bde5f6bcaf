import { expect, test } from "vitest";
import { next, served } from "../../test/_helpers/release-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import {
  config,
  intent,
  sessionWorld,
  type SessionOptions,
} from "../../test/_helpers/session-world.ts";
import { CommandError } from "../errors/command-error.ts";
import { openJournal, type JournalDocument } from "../state/journal.ts";
import { pointerTo } from "../state/release-pointer.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { Outcome } from "./strategy/machine.ts";
import type { Progress } from "./release.ts";
import { isAnswer, rollbackVersion } from "./rollback.ts";

/** v8 serves on green over v7, which ran on blue; `isWarm`: its instances are still there. */
function start({ isWarm = true, ...options }: SessionOptions & { readonly isWarm?: boolean } = {}) {
  const world = sessionWorld(options);
  const { stack, registry, current, session } = world;
  const digest = registry.has("sources of v8", "v8");
  const v8: ReleaseRecord = { ...current, ...next({ outcome: "succeeded", digest }) };
  world.write(v8);
  stack.weights = { blue: 0, green: 100 };
  stack.pointers.green = pointerTo(v8, session.prefix, "at-once");
  stack.runs("green", 8, 2);
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  if (isWarm) {
    stack.retiring.blue = new Date(world.clock.now().getTime() + 300_000);
  } else {
    stack.instances = stack.instances.filter(({ colour }) => colour === "green");
    Object.assign(stack.groups.blue, { min: 0, desired: 0 });
  }
  stack.calls.length = 0;
  const progress: Progress = { record: undefined };
  const rollback = async (version?: string, changes = {}) =>
    rollbackVersion(
      session,
      version,
      intent({ kind: "rollback", force: true, ...changes }),
      progress,
    );
  return { ...world, progress, rollback };
}

test("a version that still runs gets all traffic in one call, and the one that is left stays warm", async () => {
  const world = start();
  const { stack } = world;
  const { record, changed } = await world.rollback(undefined, { message: "v8 is slow" });
  expect(changed).toBe(true);
  expect(record).toMatchObject({
    release: 9,
    kind: "rollback",
    deployment: 7,
    version: "v7",
    colour: "blue",
    replaces: { release: 8, version: "v8" },
    outcome: "succeeded",
    message: "v8 is slow",
  });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(stack.calls.filter((call) => call === "door.setWeights")).toHaveLength(1);
  // Nothing was started, and nothing ends what serves now.
  expect(stack.calls).not.toContain("fleet.clear");
  expect(stack.retiring.blue).toBeUndefined();
  expect(stack.retiring.green).toBeDefined();
});

test("the release that it replaced is recorded as rolled back, by which rollback and why", async () => {
  const world = start();
  await world.rollback(undefined, { message: "v8 is slow" });
  expect(world.record(8)).toMatchObject({
    outcome: "rolled-back",
    taken_back_by: 9,
    reason: "rolled back by release 9: v8 is slow",
  });
  expect(world.registry.tags.get("live-0009")).toBe(world.current.digest);
});

test("a version that is gone is released again with its old image, settings and colour's instances", async () => {
  const world = start({ isWarm: false });
  const env = { MODEL: "small" };
  world.write({ ...world.current, container: { ...world.current.container, env } });
  const { record } = await world.rollback(undefined, {
    settings: { ...config().release, strategy: "canary" },
  });
  expect(record).toMatchObject({
    release: 9,
    kind: "rollback",
    deployment: 9,
    version: "v7",
    digest: world.current.digest,
    container: { env },
    // A way back has no time for a slow beginning.
    strategy: "blue-green",
    outcome: "succeeded",
  });
  expect(world.stack.pointers.blue).toMatchObject({ release: 9, version: "v7" });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.registry.verbs).toEqual([]);
});

test("what serves is unhealthy and its alarms are on: a rollback goes all the same", async () => {
  const world = start({ isWarm: false });
  world.stack.bad.set(8, { state: "crashed", detail: "", log_tail: [], restarts: 5 });
  world.stack.alarmsOn.add("app-production-green-errors");
  expect((await world.rollback()).record.outcome).toBe("succeeded");
});

test("what no --force helps against forbids a rollback too", async () => {
  const world = start({ isWarm: false });
  world.stack.groups.blue.max = 1;
  await expect(world.rollback()).rejects.toMatchObject({
    message: expect.stringMatching(/^v7 cannot be released now: .* 2 instances on blue/),
  });
  expect(world.record(9)).toBeUndefined();
});

test("an image that is no longer in the registry: nothing is begun, and what else there is", async () => {
  const world = start({ isWarm: false });
  world.registry.images.delete(world.current.digest);
  await expect(world.rollback()).rejects.toMatchObject({
    message: "The image of v7 is no longer in the registry.",
    next: expect.stringContaining("--to"),
  });
  expect(world.record(9)).toBeUndefined();
});

test("to a version by its name, to the one that serves, and to one that nothing is known about", async () => {
  const world = start();
  world.write(served({ release: 5, deployment: 5, version: "v5", digest: world.current.digest }));
  expect(await world.rollback("v8")).toMatchObject({ changed: false, record: { release: 8 } });
  expect((await world.rollback("v5")).record).toMatchObject({ version: "v5", release: 9 });
  await expect(world.rollback("v99")).rejects.toMatchObject({ exitCode: 64 });
});

test("a second rollback goes further back, not to what the first one left", async () => {
  const world = start();
  world.write(served({ release: 6, deployment: 6, version: "v6", digest: world.current.digest }));
  await world.rollback();
  expect((await world.rollback()).record).toMatchObject({ version: "v6" });
});

test("where the old version does not answer either, the traffic stays with it, and that is said", async () => {
  const world = start();
  world.stack.broken.add(7);
  const error: unknown = await world.rollback().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("v7 has all traffic"),
  });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.record(9)).toMatchObject({ outcome: "failed" });
  expect(world.record(8)).toMatchObject({ outcome: "succeeded" });
});

/** Another release whose process died at the step. */
async function interrupted(step: string) {
  const world = sessionWorld();
  const { stack, session } = world;
  world.write(next());
  await (await openJournal(session.store, plan(), session.clock.now)).write(step, "begun");
  stack.weights = { blue: 0, green: 100 };
  stack.runs("green", 8, 2);
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  return {
    ...world,
    rollback: async () =>
      rollbackVersion(session, undefined, intent({ kind: "rollback", force: true }), {
        record: undefined,
      }),
  };
}

test("after an interrupted release the repair is the rollback: one version back, not two", async () => {
  const world = await interrupted("bake");
  world.write(served({ release: 6, deployment: 6, version: "v6" }));
  const { record, changed } = await world.rollback();
  expect({ release: record.release, changed }).toEqual({ release: 7, changed: true });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.record(9)).toBeUndefined();
});

test("after one that had come too far the repair finishes it, and then it is rolled back", async () => {
  const world = await interrupted("set-minimum");
  const { record } = await world.rollback();
  expect(record).toMatchObject({ release: 9, version: "v7", kind: "rollback" });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.record(8)).toMatchObject({ outcome: "rolled-back", taken_back_by: 9 });
});

function recovered(kind: "release" | "rollback", outcome: Outcome) {
  const journal: JournalDocument = {
    schema_version: 1,
    release: 8,
    plan: plan({ kind }),
    step: "bake",
    phase: "begun",
    at: "2026-11-24T10:00:00.000Z",
    outcome: null,
  };
  return { journal, ending: { outcome, failure: null, stuck: false } };
}

test("a killed release that the repair rolled back needs no further rollback", () => {
  expect(isAnswer(recovered("release", "cancelled"))).toBe(true);
});

test("a killed release that the repair finished still needs the rollback", () => {
  expect(isAnswer(recovered("release", "succeeded"))).toBe(false);
});

test("a killed rollback that the repair finished needs no further rollback", () => {
  expect(isAnswer(recovered("rollback", "succeeded"))).toBe(true);
});

test("a killed rollback that the repair cancelled is begun again", () => {
  expect(isAnswer(recovered("rollback", "cancelled"))).toBe(false);
});
