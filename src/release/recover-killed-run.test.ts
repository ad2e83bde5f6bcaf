import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { killRun } from "../../test/_helpers/killed-run.ts";
import type { Call, Weather } from "../../test/_helpers/fake-parts.ts";
import { address, next, releaseWorld } from "../../test/_helpers/release-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { settleRelease } from "../config/schema/release.ts";
import { CommandError } from "../errors/command-error.ts";
import { describeLine } from "../errors/describe.ts";
import { recover } from "./recover.ts";
import { execute } from "./run/execute.ts";

const { probe } = settleRelease({}, "/healthz");
const questions = { probe, address };
const release8 = { plan: plan(), record: next(), probe, address };

/** Release 8 is killed at the first call of that name, before or after its effect. `weather` is the repair's. */
async function killedAt(
  call: Call,
  when: "before" | "after",
  { weather, rollout = release8 }: { weather?: Weather; rollout?: typeof release8 } = {},
) {
  const world = releaseWorld(weather === undefined ? {} : { weather });
  const { stack } = world;
  if (rollout.plan.warm) {
    stack.runs("green", 6, 2);
    Object.assign(stack.groups.green, { min: 0, desired: 2 });
    stack.retiring.green = new Date(world.clock.now().getTime() + 60_000);
  }
  await killRun(
    world,
    async (deps) => execute(deps, rollout),
    (name, at) => name === call && at === when,
  );
  stack.calls.length = 0;
  return { ...world, repair: async () => recover(world.deps, questions) };
}

/** AWS refuses the call until `lasts` is false. */
function refusal(call: Call, key = "") {
  const state = { lasts: true };
  const weather: Weather = (name, when, of) => {
    if (state.lasts && name === call && when === "before" && of.startsWith(key)) {
      throw awsFailure("InternalFailure", "We made a mistake", "r-9");
    }
  };
  return { state, weather };
}

/** The changes of the stack and the bucket that were made. */
const changes = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => !/\.(get|list|groups|weights|health|describe|launches)$/.test(call));

test("a stack on which nothing was ever interrupted is left as it is", async () => {
  const world = releaseWorld();
  expect(await recover(world.deps, questions)).toBeUndefined();
  expect(changes(world.stack.calls)).toEqual([]);
  expect(world.reporter.events).toEqual([]);
});

test("a release that came to its end is left as it is", async () => {
  const world = releaseWorld();
  const { record } = await execute(world.deps, release8);
  world.stack.calls.length = 0;
  expect(await recover(world.deps, questions)).toBeUndefined();
  expect(changes(world.stack.calls)).toEqual([]);
  expect(world.record(8)).toEqual(record);
  expect(world.reporter.warnings()).toEqual([]);
});

test("a release whose process died before its first step is recorded as cancelled, and no other record is touched", async () => {
  const world = releaseWorld();
  const before = world.record(7);
  world.write(next());
  expect(await recover(world.deps, questions)).toBe("unbegun");
  expect(world.record(8)).toEqual({
    ...next(),
    outcome: "cancelled",
    reason: "its process ended before the release began",
    finished: world.clock.now().toISOString(),
  });
  expect(world.record(7)).toEqual(before);
  expect(changes(world.stack.calls)).toEqual(["store.put"]);
});

test("a release that was killed before its shift is removed, and the old version never lost its traffic", async () => {
  const { stack, repair, record, journal, reporter } = await killedAt("door.openProbe", "after");
  expect(stack.of("green")).not.toEqual([]);
  expect(await repair()).toMatchObject({
    journal: { release: 8, step: "open-probe" },
    ending: { outcome: "cancelled", stuck: false },
  });
  expect(stack.calls).not.toContain("door.setWeights");
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(stack.probe).toBeNull();
  expect(stack.groups).toMatchObject({
    green: { min: 0, desired: 0 },
    blue: { min: 2, desired: 2 },
  });
  expect(record(8)).toMatchObject({
    outcome: "cancelled",
    reason: 'its process ended at the step "open-probe"',
    finished: expect.any(String),
  });
  expect(journal()).toMatchObject({ release: 8, outcome: "cancelled" });
  expect(reporter.warnings()).toEqual([
    'release 8 (v8) was interrupted at the step "open-probe"; repairing it first',
  ]);
});

test.each(["before", "after"] as const)(
  "a release that was killed %s its traffic moved returns it first, and ends its instances once no request can reach them",
  async (when) => {
    const { stack, clock, repair, record, journal } = await killedAt("door.setWeights", when);
    await repair();
    expect(changes(stack.calls)[0]).toBe("door.setWeights");
    expect(stack.weights).toEqual({ blue: 100, green: 0 });
    expect(stack.answering(0.5)).toBe(7);
    expect(stack.of("green")).toHaveLength(2);
    expect(record(8)).toMatchObject({
      outcome: "cancelled",
      reason: 'its process ended at the step "shift"',
    });
    expect(journal()).toMatchObject({ outcome: "cancelled" });
    await clock.sleep(120_000);
    stack.settle();
    expect(stack.of("green")).toEqual([]);
  },
);

test("a release that had only to tidy up is finished, and keeps its traffic", async () => {
  const { stack, repair, record, journal } = await killedAt("door.closeProbe", "before");
  expect(await repair()).toMatchObject({ ending: { outcome: "succeeded" } });
  expect(stack.calls).not.toContain("door.setWeights");
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(stack.probe).toBeNull();
  expect(stack.groups.green.min).toBe(2);
  expect(stack.retiring.blue).toBeInstanceOf(Date);
  expect(record(8)).toMatchObject({ outcome: "succeeded", reason: null });
  expect(journal()).toMatchObject({ outcome: "succeeded" });
});

/** Back to release 6, which is still on green for another minute. */
const warmReturn = {
  ...release8,
  plan: plan({
    kind: "rollback",
    warm: true,
    to: { colour: "green", version: "v6", deployment: 6 },
    stages: [{ weight: 100, bakeSeconds: 0 }],
  }),
  record: next({ kind: "rollback", deployment: 6, version: "v6" }),
};

test.each(["before", "after"] as const)(
  "a rollback to a version that still runs, killed %s its traffic moved, is finished, and that version stays",
  async (when) => {
    const { stack, clock, repair, record } = await killedAt("door.setWeights", when, {
      rollout: warmReturn,
    });
    // An earlier repair may have scheduled its end again.
    stack.retiring.green = new Date(clock.now().getTime() + 60_000);
    expect(await repair()).toMatchObject({ ending: { outcome: "succeeded" } });
    expect(record(8)).toMatchObject({ outcome: "succeeded", reason: null });
    await clock.sleep(60_000);
    stack.settle();
    expect([stack.weights, stack.answering(0.5)]).toEqual([{ blue: 0, green: 100 }, 6]);
  },
);

test("traffic that cannot be moved back ends with AWS's reason and number, and the next run tries again", async () => {
  const { state, weather } = refusal("door.setWeights");
  const { stack, repair, record, journal } = await killedAt("door.setWeights", "after", {
    weather,
  });
  const error: unknown = await repair().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({
    message: "Release 8 failed, and its traffic could not be moved back to v7.",
    exitCode: 1,
    why: 'its process ended at the step "shift"',
    detail: ["at the step put-back: InternalFailure: We made a mistake (AWS request r-9)"],
    next: expect.stringContaining("infer-deploy rollback"),
  });
  expect(journal()).toMatchObject({ release: 8, outcome: null });
  state.lasts = false;
  expect(await repair()).toMatchObject({ ending: { outcome: "cancelled", stuck: false } });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(record(8)?.reason).toBe('its process ended at the step "shift"');
  expect(journal()).toMatchObject({ outcome: "cancelled" });
});

test("a journal of a newer infer-deploy is refused with the way to get that one, and nothing is touched", async () => {
  const { bucket, stack, repair, record } = await killedAt("door.setWeights", "after");
  const text = bucket.read("journal.json") ?? "";
  bucket.write("journal.json", text.replace('"schema_version":1', '"schema_version":2'));
  await expect(repair()).rejects.toMatchObject({
    exitCode: 1,
    why: "its schema_version is 2; this infer-deploy reads 1",
    next: expect.stringContaining("update infer-deploy: npm install"),
  });
  expect(stack.calls).toEqual(["store.get"]);
  expect(record(8)).toEqual(next());
});

test("if the record cannot be written, the traffic is back already, the error has AWS's number, and the next run records it", async () => {
  const { state, weather } = refusal("store.put", "releases/");
  const { stack, repair, record, journal } = await killedAt("door.setWeights", "after", {
    weather,
  });
  const error: unknown = await repair().catch((thrown: unknown) => thrown);
  expect(describeLine(error)).toBe(
    "The record of release 8 (v8) could not be written (InternalFailure: We made a mistake (AWS request r-9))",
  );
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(journal()).toMatchObject({ outcome: null });
  state.lasts = false;
  await repair();
  expect(record(8)).toMatchObject({ outcome: "cancelled", finished: expect.any(String) });
  expect(journal()).toMatchObject({ outcome: "cancelled" });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
});

test("Ctrl-C does not stop a repair", async () => {
  const { stack, repair, press, record } = await killedAt("door.setWeights", "after");
  press();
  expect(await repair()).toMatchObject({ ending: { outcome: "cancelled", stuck: false } });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(record(8)?.finished).not.toBeNull();
});

test("after a repair the next release succeeds", async () => {
  const { deps, stack, repair } = await killedAt("door.openProbe", "after");
  await repair();
  const to = { colour: "green", version: "v9", deployment: 9 } as const;
  const record = next({ release: 9, deployment: 9, version: "v9" });
  const done = await execute(deps, { ...release8, plan: plan({ release: 9, to }), record });
  expect(done.record).toMatchObject({ outcome: "succeeded" });
  expect(stack.answering(0.5)).toBe(9);
});
