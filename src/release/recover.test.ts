import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import type { Call } from "../../test/_helpers/fake-parts.ts";
import { address, next, releaseWorld } from "../../test/_helpers/release-world.ts";
import { plan, rollingPlan } from "../../test/_helpers/rollout-plans.ts";
import { settleRelease } from "../config/schema/release.ts";
import { openJournal } from "../state/journal.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { RolloutPlan } from "../state/rollout-plan.ts";
import { planFirst } from "./plan/plan-release.ts";
import { recover } from "./recover.ts";

const questions = { probe: settleRelease({}, "/healthz").probe, address };
const first = planFirst(next({ colour: "blue", replaces: null }), 2, 60);

interface Left {
  readonly plan?: RolloutPlan;
  readonly record?: Partial<ReleaseRecord>;
  /** Calls that fail from now on. */
  readonly failing?: readonly Call[];
}

/** What a process that died at the step has left. */
async function killedAt(step: string, { plan: one = plan(), record, failing = [] }: Left = {}) {
  let isBroken = false;
  const world = releaseWorld({
    ...(one.from === null ? { empty: true as const } : {}),
    weather: (call, when) => {
      if (isBroken && failing.includes(call) && when === "before") {
        throw awsFailure("InternalFailure", "We made a mistake", "r-9");
      }
    },
  });
  world.write(next({ colour: one.to.colour, ...record }));
  const journal = await openJournal(world.deps.store, one, world.clock.now);
  await journal.write(step, "begun");
  isBroken = true;
  const { stack } = world;
  if (one.strategy === "blue-green") {
    stack.runs("green", 8, 2);
    Object.assign(stack.groups.green, { min: 2, desired: 2 });
  }
  return world;
}

test("where nothing was ever begun, and where all is finished, there is nothing to repair", async () => {
  const world = releaseWorld();
  expect(await recover(world.deps, questions)).toBeUndefined();
  const journal = await openJournal(world.deps.store, plan(), world.clock.now);
  await journal.close("succeeded");
  world.stack.calls.length = 0;
  expect(await recover(world.deps, questions)).toBeUndefined();
  expect(world.stack.calls.filter((call) => !call.startsWith("store."))).toEqual([]);
  expect(world.reporter.events).toEqual([]);
});

test("a record that was left open before its journal began is closed as cancelled", async () => {
  const world = releaseWorld();
  world.write(next());
  expect(await recover(world.deps, questions)).toBe("unbegun");
  expect(world.record(8)).toMatchObject({
    outcome: "cancelled",
    reason: "its process ended before the release began",
    finished: world.clock.now().toISOString(),
  });
  expect(world.record(7)).toMatchObject({ outcome: "succeeded" });
});

test("a release that was interrupted with traffic gives all of it back, and says so first", async () => {
  const world = await killedAt("bake");
  world.stack.weights = { blue: 0, green: 100 };
  const recovered = await recover(world.deps, questions);
  expect(recovered).toMatchObject({
    journal: { release: 8, step: "bake" },
    ending: { outcome: "cancelled", stuck: false },
  });
  expect(world.reporter.warnings()[0]).toBe(
    'release 8 (v8) was interrupted at the step "bake"; repairing it first',
  );
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.stack.retiring.green).toBeDefined();
  expect(world.record(8)).toMatchObject({
    outcome: "cancelled",
    reason: 'its process ended at the step "bake"',
  });
  expect(world.journal()).toMatchObject({ outcome: "cancelled" });
});

test("one that was interrupted before any traffic never touches the weights", async () => {
  const world = await killedAt("wait");
  await recover(world.deps, questions);
  expect(world.stack.calls).not.toContain("door.setWeights");
  expect(world.stack.groups.green).toMatchObject({ min: 0, desired: 0 });
});

test("where only tidying was left it is finished, and counts as what it was: a success", async () => {
  const world = await killedAt("set-minimum");
  world.stack.weights = { blue: 0, green: 100 };
  expect(await recover(world.deps, questions)).toMatchObject({ ending: { outcome: "succeeded" } });
  expect(world.record(8)).toMatchObject({ outcome: "succeeded", reason: null });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
  expect(world.stack.retiring.blue).toBeDefined();
});

test("a rolling release that was interrupted brings every instance back to the old version", async () => {
  const one = rollingPlan();
  const world = await killedAt("update", { plan: one });
  const { stack } = world;
  stack.groups.blue.min = 1;
  await world.deps.fleet.enterStandby("blue", ["i-1"]);
  Object.assign(stack.instances[0] ?? {}, { release: 8 });
  await recover(world.deps, questions);
  expect(stack.instances.map(({ lifecycle, release }) => [lifecycle, release])).toEqual([
    ["InService", 7],
    ["InService", 7],
  ]);
  expect(stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
});

test("a first release that was interrupted stops its instances, because they cost money", async () => {
  const world = await killedAt("wait", { plan: first });
  Object.assign(world.stack.groups.blue, { min: 2, desired: 2 });
  expect(await recover(world.deps, questions)).toMatchObject({ ending: { outcome: "cancelled" } });
  world.stack.settle();
  expect(world.stack.instances).toEqual([]);
});

test("a first release that had come up stays up", async () => {
  const world = await killedAt("set-minimum", { plan: first });
  Object.assign(world.stack.groups.blue, { min: 2, desired: 2 });
  expect(await recover(world.deps, questions)).toMatchObject({ ending: { outcome: "succeeded" } });
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
  expect(world.record(8)).toMatchObject({ outcome: "succeeded" });
});

test("what cannot be repaired now ends the command with AWS's reason, and stays for the next one", async () => {
  const world = await killedAt("bake", { failing: ["door.setWeights"] });
  world.stack.weights = { blue: 0, green: 100 };
  await expect(recover(world.deps, questions)).rejects.toMatchObject({
    exitCode: 1,
    message: "Release 8 failed, and its traffic could not be moved back to v7.",
    detail: [expect.stringContaining("We made a mistake (AWS request r-9)")],
    next: expect.stringContaining("infer-deploy rollback tries again"),
  });
  expect(world.journal()).toMatchObject({ outcome: null, step: "bake" });
});

test("instances of a first release that cannot be stopped are named as what costs money", async () => {
  const world = await killedAt("wait", { plan: first, failing: ["fleet.scale"] });
  await expect(recover(world.deps, questions)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Version v8 does not run, and its instances could not be stopped/,
    ),
    next: expect.stringContaining("infer-deploy destroy"),
  });
  expect(world.journal()?.outcome).toBeNull();
});

test("the repair is not stopped by Ctrl-C, and an older open record is closed with it", async () => {
  const world = await killedAt("bake");
  world.stack.weights = { blue: 0, green: 100 };
  world.write(next({ release: 5, deployment: 5 }));
  world.press();
  expect(await recover(world.deps, questions)).toMatchObject({ ending: { outcome: "cancelled" } });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.record(5)).toMatchObject({ outcome: "cancelled" });
});
