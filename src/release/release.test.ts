import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { imageId } from "../../test/_helpers/fake-registry.ts";
import { next } from "../../test/_helpers/release-world.ts";
import {
  config,
  intent,
  request,
  sessionWorld,
  type SessionOptions,
} from "../../test/_helpers/session-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { CommandError } from "../errors/command-error.ts";
import { openJournal } from "../state/journal.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { Intent } from "./plan/prepare.ts";
import { releaseVersion, type Progress } from "./release.ts";
import type { ImageRequest } from "./resolve-image.ts";

/** A folder with a Dockerfile, because what is built is hashed. */
let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "infer-deploy-release-"));
  await writeFile(join(root, "Dockerfile"), "FROM scratch\n");
});
afterAll(async () => rm(root, { recursive: true, force: true }));

/** v7 serves; `release` makes another version. What the caller gets to know meanwhile is in `begun` and `progress`. */
function start(options: Omit<SessionOptions, "root"> = {}) {
  const world = sessionWorld({ root, ...options });
  const begun: ReleaseRecord[] = [];
  const progress: Progress = { record: undefined };
  const release = async (asked: Partial<ImageRequest> = {}, wanted: Partial<Intent> = {}) =>
    releaseVersion(world.session, request(asked), intent(wanted), progress, (record) => {
      begun.push(record);
    });
  return { ...world, begun, progress, release };
}

async function failure(done: Promise<unknown>): Promise<CommandError> {
  const error: unknown = await done.then(
    () => expect.fail("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandError)) throw error;
  return error;
}

test("from sources to traffic: built, pushed, proven, moved, recorded, and kept in the registry", async () => {
  const world = start();
  const { record, changed } = await world.release({}, { message: "new tokenizer" });
  expect(changed).toBe(true);
  expect(record).toMatchObject({
    release: 8,
    version: "v8",
    colour: "green",
    replaces: { release: 7, version: "v7" },
    outcome: "succeeded",
    message: "new tokenizer",
    context_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const { stack, registry } = world;
  expect(world.record(8)).toEqual(record);
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(stack.retiring.blue).toBeDefined();
  expect(registry.tags.get("v8")).toBe(record.digest);
  expect(registry.tags.get("live-0008")).toBe(record.digest);
  expect(registry.tags.get("live-0007")).toBe(world.current.digest);
  expect(world.ran.map(({ name }) => name)).toEqual(["pre-build", "pre-release", "post-shift"]);
  expect(world.begun).toMatchObject([{ release: 8, outcome: "in-progress" }]);
  expect(world.progress.record).toEqual(record);
});

test("without a name the version is made from the image", async () => {
  const { release } = start({ config: { ...config(), version: null } });
  const { record } = await release({ version: undefined });
  expect(record.version).toBe(`sha-${imageId("sources of v8").slice(7, 19)}`);
});

test("what forbids it is said before anything is built", async () => {
  const world = start();
  world.stack.alarmsOn.add("app-production-green-errors");
  expect(await failure(world.release())).toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/^v8 cannot be released now: the alarm .*-errors is already on/),
  });
  expect(world.registry.verbs).toEqual([]);
  expect(world.ran).toEqual([]);
  expect(world.record(8)).toBeUndefined();
});

test("what forbids it since then is said before anything is changed", async () => {
  const world: ReturnType<typeof start> = start({
    hook: (name) => {
      if (name === "pre-build") world.stack.alarmsOn.add("app-production-green-errors");
    },
  });
  expect((await failure(world.release())).message).toContain("v8 cannot be released now");
  expect(world.registry.tags.has("v8")).toBe(true);
  expect(world.record(8)).toBeUndefined();
});

test("--force releases all the same, and goes by the alarms that are quiet", async () => {
  // It goes off while the image is built.
  const world: ReturnType<typeof start> = start({
    hook: (name) => {
      if (name === "pre-build") world.stack.alarmsOn.add("app-production-green-errors");
    },
  });
  expect((await world.release({}, { force: true })).record.outcome).toBe("succeeded");
});

test("the version that serves with the same content changes nothing", async () => {
  const world = start();
  world.registry.sources = "sources of v7";
  expect(await world.release({ version: "v7" })).toEqual({ record: world.current, changed: false });
  expect(world.record(8)).toBeUndefined();
  expect(world.ran.map(({ name }) => name)).toEqual(["pre-build"]);
});

test("the same version with other settings is a release", async () => {
  const world = start({ config: config("env: { BATCH: '8' }") });
  world.write({ ...world.current, container: { ...world.current.container, env: {} } });
  const { record } = await world.release({ version: "v7", build: false });
  expect(record).toMatchObject({ release: 8, version: "v7", outcome: "succeeded" });
});

test("an image that is in the registry is released without a build, and gets the version's tag", async () => {
  const world = start();
  const digest = world.registry.has("sources of v8", "nightly");
  const { record } = await world.release({ build: false, fromImage: "nightly" });
  expect(record).toMatchObject({ digest, version: "v8", context_hash: "" });
  expect(world.registry.tags.get("v8")).toBe(digest);
  expect(world.registry.verbs).toEqual([]);
  expect(world.ran.map(({ name }) => name)).toEqual(["pre-release", "post-shift"]);
});

test("a Dockerfile that does not build ends it with the build's own lines", async () => {
  const world = start();
  world.registry.sources = null;
  expect(await failure(world.release())).toMatchObject({
    message: "The Dockerfile does not build.",
    detail: ["ERROR: the wheel is missing"],
  });
});

test("a bad version is rolled back: exit code 3, its last lines, and the old one serves all the time", async () => {
  const world = start();
  const crash = { state: "crashed", detail: "exit code 1", log_tail: ["no model"], restarts: 2 };
  world.stack.bad.set(8, crash as never);
  expect(await failure(world.release())).toMatchObject({
    exitCode: 3,
    message: "v8 was rolled back: the container crashes: exit code 1.",
    detail: ["no model"],
  });
  expect(world.stack.calls).not.toContain("door.setWeights");
  expect(world.progress.record).toMatchObject({ outcome: "rolled-back" });
  expect(world.registry.tags.has("live-0008")).toBe(false);
});

test("one that answers with errors never gets a user's request", async () => {
  const world = start({ config: config() });
  world.stack.broken.add(8);
  expect(await failure(world.release())).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("3 of the last 3 probes failed"),
    detail: [expect.stringContaining("answered 500")],
  });
  expect(world.stack.calls).not.toContain("door.setWeights");
});

test("Ctrl-C while it is watched: back, the signal's exit code, and the hooks have had their say", async () => {
  const world: ReturnType<typeof start> = start({
    hook: (name) => {
      if (name === "post-shift") world.press();
    },
  });
  expect(await failure(world.release())).toMatchObject({ exitCode: 130 });
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
  expect(world.record(8)).toMatchObject({ outcome: "cancelled" });
});

test("Ctrl-C while the hook pre-release runs begins nothing", async () => {
  const world: ReturnType<typeof start> = start({
    hook: (name) => {
      if (name === "pre-release") world.press("SIGTERM");
    },
  });
  expect(await failure(world.release())).toMatchObject({ exitCode: 143 });
  expect(world.record(8)).toBeUndefined();
  expect(world.begun).toEqual([]);
});

test("a hook that forbids begins nothing", async () => {
  const world = start({
    hook: (name) => {
      if (name === "pre-release") throw new CommandError("The hook pre-release forbids it.");
    },
  });
  expect((await failure(world.release())).message).toContain("pre-release");
  expect(world.record(8)).toBeUndefined();
});

test("what an earlier run left is repaired first, and then the release goes through", async () => {
  const world = start();
  const { stack, session } = world;
  world.write(next());
  await (await openJournal(session.store, plan(), session.clock.now)).write("bake", "begun");
  stack.weights = { blue: 0, green: 100 };
  stack.runs("green", 8, 2);
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  const { record } = await world.release({ version: "v9" });
  expect(world.record(8)).toMatchObject({ outcome: "cancelled" });
  expect(record).toMatchObject({ release: 9, replaces: { release: 7 }, outcome: "succeeded" });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
});

test("a registry that cannot be marked is a warning, and the release is what it is", async () => {
  const world: ReturnType<typeof start> = start({
    hook: (name) => {
      if (name === "post-shift") world.registry.broken = awsFailure("Throttling", "slow down");
    },
  });
  expect((await world.release()).record.outcome).toBe("succeeded");
  expect(world.reporter.warnings()).toHaveLength(1);
});
