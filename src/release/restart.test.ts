import { expect, test } from "vitest";
import { killRun } from "../../test/_helpers/killed-run.ts";
import { releaseSession, type SessionOptions } from "../../test/_helpers/release-session.ts";
import { rollbackVersion } from "./rollback.ts";
import { restartVersion } from "./restart.ts";

/** Release 7 serves on blue with two instances. */
function setUp(options: SessionOptions = {}) {
  const world = releaseSession(options);
  const { session, intent } = world;
  const restart = async () =>
    restartVersion(session, { ...intent, kind: "restart", force: true }, { record: undefined });
  return { ...world, restart };
}

test("each instance starts its container again out of traffic, and another one serves meanwhile", async () => {
  const out: number[] = [];
  const world = setUp({
    during: () => {
      out.push(world.stack.instances.filter(({ lifecycle }) => lifecycle === "Standby").length);
    },
  });
  const before = world.stack.instances.map(({ id }) => id);
  const { record, changed } = await world.restart();
  expect(changed).toBe(true);
  expect(record).toMatchObject({
    ...{ release: 8, deployment: 8, kind: "restart", outcome: "succeeded", strategy: "rolling" },
    ...{ version: "v7", digest: "sha256:77", colour: "blue" },
  });
  expect(record.container).toEqual(world.record(7)?.container);
  expect(world.stack.instances).toEqual(
    before.map((id): unknown =>
      expect.objectContaining({ id, release: 8, lifecycle: "InService" }),
    ),
  );
  expect(Math.max(...out)).toBe(1);
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
});

test("a group that may take more out than it has still keeps one that serves", async () => {
  const { restart } = setUp({ settings: { release: { rolling: { batch: 4 } } } });
  expect(await restart()).toMatchObject({ record: { strategy: "rolling", outcome: "succeeded" } });
});

test("a single instance is replaced by one of the idle colour, which serves before it ends", async () => {
  const { restart, stack } = setUp({ settings: { instances: { min: 1 } } });
  stack.instances.splice(1);
  Object.assign(stack.groups.blue, { min: 1, desired: 1 });
  expect(await restart()).toMatchObject({
    record: { strategy: "blue-green", colour: "green", version: "v7", outcome: "succeeded" },
  });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  // The old container serves nothing that the new one does not.
  expect(stack.retiring.blue).toBeDefined();
});

test("where no instance is healthy, the idle colour takes over, whatever the alarms say", async () => {
  const { restart, stack } = setUp();
  stack.alarmsOn.add("app-production-blue-errors");
  stack.bad.set(7, { state: "unhealthy", detail: "GET /healthz 500", log_tail: [], restarts: 0 });
  expect(await restart()).toMatchObject({
    record: { outcome: "succeeded", strategy: "blue-green" },
  });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
});

test("containers that do not come up again are left to the others, with exit code 3", async () => {
  const { restart, stack, record } = setUp();
  stack.bad.set(8, {
    ...{ state: "crashed", detail: "exit code 3", log_tail: ["no weights"], restarts: 2 },
  });
  await expect(restart()).rejects.toMatchObject({
    message: expect.stringMatching(/^The restart of v7 failed: the container crashes/) as string,
    exitCode: 3,
    detail: ["no weights"],
    next: "infer-deploy status shows what serves; infer-deploy restart tries again",
  });
  expect(record(8)).toMatchObject({ kind: "restart", outcome: "rolled-back" });
  expect(stack.instances.map(({ release }) => release)).toEqual([7, 7]);
});

test("an image that the registry no longer has is named before anything changes", async () => {
  const { restart, registry, stack } = setUp();
  registry.digests.clear();
  await expect(restart()).rejects.toMatchObject({
    message: "The image of v7 is no longer in the registry.",
  });
  expect(stack.calls.filter((call) => call.includes("write"))).toEqual([]);
});

test("after a restart, rollback returns to the version before", async () => {
  const { restart, session, intent, container, write, record } = setUp();
  write({
    ...(record(7) ?? expect.fail()),
    ...{ release: 6, deployment: 6, version: "v6", digest: "sha256:66", container },
  });
  await restart();
  const back = { ...intent, kind: "rollback" as const, force: true };
  const done = await rollbackVersion(session, undefined, back, { record: undefined });
  expect(done.record).toMatchObject({ kind: "rollback", version: "v6" });
});

test("a killed restart is repaired by the next one", async () => {
  const world = setUp();
  const { restart, session, intent, record, stack } = world;
  await killRun(
    world,
    async (deps) =>
      restartVersion(
        { ...session, ...deps, reporter: session.reporter },
        { ...intent, kind: "restart", force: true },
        { record: undefined },
      ),
    (call) => call === "fleet.exitStandby",
  );
  expect(stack.instances.map(({ lifecycle }) => lifecycle)).toContain("Standby");
  expect(await restart()).toMatchObject({ record: { release: 9, outcome: "succeeded" } });
  expect(record(8)).toMatchObject({ kind: "restart", outcome: "cancelled" });
  expect(stack.instances.map(({ lifecycle, release }) => [lifecycle, release])).toEqual([
    ["InService", 9],
    ["InService", 9],
  ]);
});
