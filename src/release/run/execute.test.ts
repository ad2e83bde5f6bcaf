import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { address, next, releaseWorld } from "../../../test/_helpers/release-world.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { openJournal, TakenOverError } from "../../state/journal.ts";
import { execute, resume, type Rollout } from "./execute.ts";

const { probe } = settleRelease({}, "/healthz");
const rollout = (changes: Partial<Rollout> = {}): Rollout => ({
  plan: plan(),
  record: next(),
  probe,
  address,
  ...changes,
});

const crash = {
  state: "crashed",
  detail: "exit code 1",
  log_tail: ["no model"],
  restarts: 2,
} as const;

test("a release that succeeds: its record at the beginning and at the end, and the journal closed", async () => {
  const world = releaseWorld();
  let begun: unknown;
  const onShifted = (): void => {
    begun = world.record(8);
  };
  const done = await execute(world.deps, rollout({ onShifted }));
  expect(begun).toEqual(next());
  expect(done.ending).toEqual({ outcome: "succeeded", failure: null, stuck: false });
  expect(done.record).toMatchObject({ outcome: "succeeded", reason: null });
  expect(done.record.finished).toBe(world.clock.now().toISOString());
  expect(world.record(8)).toEqual(done.record);
  expect(world.journal()).toMatchObject({ release: 8, outcome: "succeeded" });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
});

/** A world in which the release goes wrong: AWS refuses the first weights, or the user stops it before its first request. */
function wrongWorld(how: string) {
  let refusals = how === "weights refused" ? 1 : 0;
  const world = releaseWorld({
    weather: (call, when) => {
      if (call === "door.openProbe" && how === "stopped") world.press();
      if (call === "door.setWeights" && when === "before" && refusals > 0) {
        refusals -= 1;
        throw awsFailure("InternalFailure", "We made a mistake");
      }
    },
  });
  if (how === "crashes") world.stack.bad.set(8, crash);
  return world;
}

test.each([
  ["rolled-back", "crashes", "the container crashes: exit code 1"],
  ["timed-out", "no time", "it took longer than 2 s"],
  ["failed", "weights refused", expect.stringMatching(/^AWS refused the change "weigh": Internal/)],
  ["cancelled", "stopped", null],
])("a release that ends as %s is recorded with its reason: %s", async (outcome, how, reason) => {
  const world = wrongWorld(how);
  const timeoutSeconds = how === "no time" ? 2 : 600;
  const done = await execute(world.deps, rollout({ plan: plan({ timeoutSeconds }) }));
  expect(done.ending).toMatchObject({ outcome, stuck: false });
  expect(done.record).toMatchObject({ outcome, reason, finished: expect.any(String) });
  expect(world.record(8)).toEqual(done.record);
  expect(world.journal()).toMatchObject({ outcome });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
});

test("a release number that exists already is refused, and nothing is touched", async () => {
  const world = releaseWorld();
  const other = next({ who: "bob@laptop" });
  world.write(other);
  await expect(execute(world.deps, rollout())).rejects.toMatchObject({
    message: "Release 8 exists already.",
    exitCode: 1,
    next: "infer-deploy releases",
  });
  expect(world.record(8)).toEqual(other);
  expect(world.journal()).toBeUndefined();
  expect(world.stack.calls).toEqual(["store.put", "store.get"]);
});

test("the journal is closed after the record, so that a process that dies between them can be continued", async () => {
  const written: string[] = [];
  const world = releaseWorld({
    weather: (call, when, key) => {
      if (call === "store.put" && when === "before") written.push(key);
    },
  });
  await execute(world.deps, rollout());
  expect(written.slice(-2)).toEqual(["releases/0008.json", "journal.json"]);
});

/** AWS takes no weights any more once all of the traffic has moved. */
function stuckWorld() {
  const world: ReturnType<typeof releaseWorld> = releaseWorld({
    weather: (call, when) => {
      if (call === "door.setWeights" && when === "before" && world.stack.weights?.green === 100) {
        throw awsFailure("InternalFailure", "We made a mistake", "r-9");
      }
    },
  });
  return world;
}

test("a way back that does not get through leaves the journal open, and says why it could not", async () => {
  const world = stuckWorld();
  const onShifted = (): void => void world.stack.alarmsOn.add("app-production-green-errors");
  const { ending } = await execute(world.deps, rollout({ onShifted }));
  expect(ending).toMatchObject({ outcome: "rolled-back", stuck: true });
  expect(ending.failure?.detail.at(-1)).toBe(
    "at the step put-back: InternalFailure: We made a mistake (AWS request r-9)",
  );
  expect(world.record(8)).toMatchObject({ outcome: "rolled-back", finished: expect.any(String) });
  expect(world.journal()).toMatchObject({ outcome: null, step: "bake" });
});

/** What a process that died at a step has left: its record, its journal, and what it had done. */
async function killedAt(step: string, changes = {}) {
  const world = releaseWorld();
  world.write(next(changes));
  const journal = await openJournal(world.deps.store, plan(), world.clock.now);
  await journal.write(step, "begun");
  world.stack.runs("green", 8, 2);
  Object.assign(world.stack.groups.green, { min: 2, desired: 2 });
  return world;
}

test("a killed run is rolled back, and recorded with its cause", async () => {
  const world = await killedAt("bake");
  world.stack.weights = { blue: 0, green: 100 };
  const ending = await resume(world.deps, rollout(), { step: "bake" });
  const cause = 'its process ended at the step "bake"';
  expect(ending).toMatchObject({ outcome: "cancelled", failure: { cause }, stuck: false });
  expect(world.record(8)).toMatchObject({ outcome: "cancelled", reason: cause });
  expect(world.journal()).toMatchObject({ outcome: "cancelled" });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
});

test("if the record has the outcome already, only the remaining steps are done", async () => {
  const finished = "2026-01-01T01:05:00.000Z";
  const record = next({ outcome: "rolled-back", reason: "the alarm errors went off", finished });
  const world = await killedAt("discard", record);
  await resume(world.deps, rollout({ record }), { step: "discard" });
  expect(world.record(8)).toEqual(record);
  expect(world.stack.groups.green).toMatchObject({ min: 0, desired: 0 });
  expect(world.journal()?.outcome).not.toBeNull();
});

test("a release that was recorded as good is not rolled back because the journal missed its last notes", async () => {
  const record = next({ outcome: "succeeded", finished: "2026-01-01T01:05:00.000Z" });
  const world = await killedAt("bake", record);
  world.stack.weights = { blue: 0, green: 100 };
  expect(await resume(world.deps, rollout({ record }), { step: "bake" })).toMatchObject({
    outcome: "succeeded",
  });
  expect(world.stack.weights).toEqual({ blue: 0, green: 100 });
  expect(world.record(8)).toEqual(record);
  expect(world.journal()).toMatchObject({ outcome: "succeeded" });
});

test.each(["succeeds", "crashes"])(
  "the cache is emptied after the last step of a release that %s",
  async (how) => {
    const world = wrongWorld(how);
    await execute(world.deps, rollout());
    const last = world.stack.calls.findLastIndex((call) => call.startsWith("door."));
    expect(world.stack.calls.indexOf("cache.empty")).toBeGreaterThan(last);
  },
);

test("a cache that cannot be emptied is a warning, and the release has succeeded", async () => {
  const world = releaseWorld({
    weather: (call) => {
      if (call === "cache.empty") throw awsFailure("AccessDenied", "not allowed");
    },
  });
  const { ending } = await execute(world.deps, rollout());
  expect(ending.outcome).toBe("succeeded");
  expect(world.reporter.warnings().join()).toContain("cache could not be emptied");
});

test.each(["succeeds", "crashes"])(
  "a release that %s is shown from its first look to its end",
  async (how) => {
    const world = wrongWorld(how);
    await execute(world.deps, rollout());
    const seen = world.reporter.events.flatMap((event) =>
      event.type === "service-seen" ? [event.sight] : [],
    );
    const green = seen.map(
      ({ colours }) => colours.find(({ colour }) => colour === "green")?.weight,
    );
    expect(green[0]).toBe(0);
    expect(green.includes(100)).toBe(how === "succeeds");
    expect(seen.flatMap(({ probes }) => probes).length > 0).toBe(how === "succeeds");
    expect(seen.at(-1)?.stage?.trouble ?? "none").toMatch(how === "succeeds" ? "none" : /crash/);
    const types = world.reporter.events.map(({ type }) => type);
    expect(types.lastIndexOf("service-left")).toBeGreaterThan(types.lastIndexOf("service-seen"));
  },
);

test("a release that another run takes over is no longer shown", async () => {
  const world = releaseWorld({
    weather: (call, when, key) => {
      if (
        call === "store.put" &&
        when === "before" &&
        key === "journal.json" &&
        world.stack.weights?.green === 100
      ) {
        throw new TakenOverError();
      }
    },
  });
  await expect(execute(world.deps, rollout())).rejects.toThrow();
  expect(world.reporter.events.some(({ type }) => type === "service-left")).toBe(true);
});
