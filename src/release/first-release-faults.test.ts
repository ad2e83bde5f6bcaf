import { thisCommand } from "../errors/printed-commands.ts";
import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import type { Call, Weather } from "../../test/_helpers/fake-parts.ts";
import { firstReleaseWorld } from "../../test/_helpers/first-release-world.ts";
import { killRun } from "../../test/_helpers/killed-run.ts";

type World = ReturnType<typeof firstReleaseWorld>;

const crash = {
  state: "crashed",
  detail: "exit code 1",
  log_tail: ["no model"],
  restarts: 2,
} as const;

/** What has to be so after a first release that did not come up: nothing runs, so nothing costs money. */
function expectStopped({ stack }: World): void {
  expect(stack.groups.blue).toMatchObject({ min: 0, desired: 0 });
  stack.settle();
  expect(stack.instances).toEqual([]);
}

test("a first release resolves when the address answers with it, and keeps its minimum of instances", async () => {
  const world = firstReleaseWorld();
  const { stack } = world;
  const record = await world.bringUp("v1");
  expect(stack.answering(0.5)).toBe(1);
  expect(record).toMatchObject({
    release: 1,
    version: "v1",
    digest: "sha256:manifest",
    colour: "blue",
    replaces: null,
    outcome: "succeeded",
    reason: null,
    finished: world.clock.now().toISOString(),
  });
  expect(world.record(1)).toEqual(record);
  expect(world.journal()).toMatchObject({ release: 1, outcome: "succeeded" });
  expect(stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
  expect(stack.of("blue")).toHaveLength(2);
  expect(stack.of("green")).toEqual([]);
});

test("an image that cannot be built starts nothing, and leaves no record", async () => {
  const world = firstReleaseWorld();
  const image = async () => Promise.reject(new Error("no space left on device"));
  await expect(world.bringUp("v1", { image })).rejects.toThrow("no space left on device");
  expect(world.record(1)).toBeUndefined();
  expectStopped(world);
});

test("a version that crashes is reported with its last lines and recorded with its reason, and its instances are stopped", async () => {
  const world = firstReleaseWorld();
  world.stack.bad.set(1, crash);
  await expect(world.bringUp("v1")).rejects.toMatchObject({
    message: "Version v1 does not run: the container crashes: exit code 1.",
    exitCode: 1,
    detail: ["no model"],
    next: expect.stringContaining("the instances were stopped"),
  });
  expectStopped(world);
  expect(world.record(1)).toMatchObject({
    outcome: "failed",
    reason: "the container crashes: exit code 1",
    finished: expect.any(String),
  });
  expect(world.journal()).toMatchObject({ outcome: "failed" });
});

test("a version that is never healthy ends when its time is up, and its instances are stopped", async () => {
  const world = firstReleaseWorld({ startMilliseconds: 3_600_000 });
  await expect(world.bringUp("v1")).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Version v1 did not come up: it was not healthy within \d+ s\.$/,
    ),
    exitCode: 4,
    detail: [expect.stringMatching(/^0 of 2 targets healthy; i-1 starting; i-2 starting$/)],
    next: expect.stringContaining("raise health.timeout"),
  });
  expectStopped(world);
  expect(world.record(1)).toMatchObject({
    outcome: "timed-out",
    reason: expect.stringMatching(/^it was not healthy within/),
  });
});

test("an address that answers with another version does not pass for this one", async () => {
  const world = firstReleaseWorld();
  await expect(world.bringUp("v1-but-built-as-another")).rejects.toMatchObject({
    exitCode: 4,
    detail: ["GET /version answered 200 by version v1"],
    next: expect.stringContaining("version.path"),
  });
  expect(world.stack.instances).toHaveLength(2);
  expect(world.record(1)).toMatchObject({ outcome: "timed-out" });
});

test("instances that cannot be stopped are named as such with AWS's reason, and the next run stops them", async () => {
  let scaled = 0;
  let refused = true;
  const world = firstReleaseWorld({
    weather: (call, when) => {
      if (call !== "fleet.scale" || when !== "before") return;
      scaled += 1;
      if (scaled > 1 && refused) throw awsFailure("InternalFailure", "We made a mistake", "r-9");
    },
  });
  world.stack.bad.set(1, crash);
  await expect(world.bringUp("v1")).rejects.toMatchObject({
    message:
      "Version v1 does not run, and its instances could not be stopped: the container crashes: exit code 1.",
    detail: [
      "no model",
      "at the step discard: InternalFailure: We made a mistake (AWS request r-9)",
    ],
    next: expect.stringContaining("infer-deploy up tries again"),
  });
  expect(world.journal()).toMatchObject({ outcome: null });
  refused = false;
  await expect(
    world.bringUp("v2", { image: async () => Promise.reject(new Error("no build")) }),
  ).rejects.toThrow("no build");
  expectStopped(world);
  expect(world.record(1)?.reason).toBe("the container crashes: exit code 1");
});

const isRead = (name: Call, wanted: Call, key: string): boolean =>
  name === wanted && (wanted !== "store.get" || key.startsWith("agents/"));

/** `up`, whose reads of that name fail where `fails` says so; `count`: how many were made. */
async function withReads(wanted: Call, fails: (index: number, world: World) => boolean) {
  let count = 0;
  const weather: Weather = (name, when, key) => {
    if (when === "after" || !isRead(name, wanted, key)) return;
    count += 1;
    if (fails(count - 1, world)) throw awsFailure("ThrottlingException", "Rate exceeded", "r-5");
  };
  const world: World = firstReleaseWorld({ weather });
  const record = await world.bringUp("v1");
  return { world, record, count };
}

const reads: readonly Call[] = [
  "fleet.groups",
  "door.weights",
  "door.health",
  "store.get",
  "alarms.describe",
];

test.each(reads)(
  "one failed read (%s), whichever it is, neither ends a first release nor stops its instances",
  async (call) => {
    const { count } = await withReads(call, () => false);
    expect(count).toBeGreaterThan(3);
    for (let failing = 0; failing < count; failing += 1) {
      const { world, record } = await withReads(call, (index) => index === failing);
      expect(record.outcome).toBe("succeeded");
      expect(world.stack.of("blue").map(({ id }) => id)).toEqual(["i-1", "i-2"]);
      expect(world.stack.calls.filter((name) => name === "fleet.scale")).toHaveLength(2);
    }
  },
);

test.each(reads)("a minute without this read (%s) only delays a first release", async (call) => {
  const { world, record } = await withReads(
    call,
    (_, { clock }) => clock.now() < new Date("2026-01-01T01:01:00.000Z"),
  );
  expect(record.outcome).toBe("succeeded");
  expect(world.stack.of("blue").map(({ id }) => id)).toEqual(["i-1", "i-2"]);
});

test.each([
  ["SIGINT", 130, "Ctrl-C"],
  ["SIGTERM", 143, "SIGTERM"],
] as const)(
  "%s stops the instances, and ends with the signal's code",
  async (signal, exitCode, by) => {
    const world: World = firstReleaseWorld({
      during: () => {
        if (world.stack.of("blue").length > 0) world.press(signal);
      },
    });
    await expect(world.bringUp("v1")).rejects.toMatchObject({
      name: "InterruptedError",
      message: `Release 1 (v1) was stopped by ${by}.`,
      exitCode,
      why: expect.stringContaining("its instances were stopped"),
      next: `${thisCommand} starts it again`,
    });
    expectStopped(world);
    expect(world.record(1)).toMatchObject({ outcome: "cancelled", finished: expect.any(String) });
    expect(world.journal()).toMatchObject({ outcome: "cancelled" });
  },
);

test.each<[Call, string]>([
  ["pointers.write", "point"],
  ["fleet.scale", "start"],
  ["door.health", "wait"],
])(
  "a first release that was killed at %s is removed by the next run, which brings up its own",
  async (call, step) => {
    const world = firstReleaseWorld();
    await killRun(
      world,
      async (deps) => world.bringUp("v1", deps),
      (name, when) => name === call && when === "after",
    );
    expect(await world.bringUp("v2")).toMatchObject({ release: 2, outcome: "succeeded" });
    expect(world.reporter.warnings()).toEqual([
      `release 1 (v1) was interrupted at the step "${step}"; repairing it first`,
    ]);
    expect(world.record(1)).toMatchObject({
      outcome: "cancelled",
      reason: `its process ended at the step "${step}"`,
    });
    expect(world.stack.answering(0.5)).toBe(2);
  },
);

test("a first release that was killed after the address answered stays, and is not made a second time", async () => {
  const world = firstReleaseWorld();
  const { stack } = world;
  await killRun(
    world,
    async (deps) => world.bringUp("v1", deps),
    (name, when) => name === "fleet.scale" && when === "before" && stack.answering(0.5) === 1,
  );
  const record = await world.bringUp("v1");
  expect(record).toMatchObject({ release: 1, outcome: "succeeded", reason: null });
  expect(world.record(2)).toBeUndefined();
  expect([stack.answering(0.5), stack.groups.blue.min]).toEqual([1, 2]);
});
