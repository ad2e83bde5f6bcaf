import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { engineImage, imageId } from "../../test/_helpers/fake-registry.ts";
import { config, sessionWorld, type SessionOptions } from "../../test/_helpers/session-world.ts";
import { CommandError } from "../errors/command-error.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { thisCommand } from "../errors/printed-commands.ts";
import { releaseFirst } from "./first-release.ts";

/** A stack that was just made: two groups without instances, and an image in the engine. */
function start(options: SessionOptions & { readonly version?: string } = {}) {
  const world = sessionWorld({ empty: true, ...options });
  const { stack } = world;
  Object.assign(stack.groups.blue, { min: 0, desired: 0 });
  const id = imageId("sources of v1");
  world.registry.engine.set("infer-deploy-build/app:latest", id);
  const inputs = {
    releases: [],
    image: async () => engineImage(id),
    contextHash: "c1",
    version: "version" in options ? options.version : "v1",
  };
  return { ...world, up: async () => releaseFirst(world.session, inputs) };
}

const crash = {
  state: "crashed",
  detail: "exit code 1",
  log_tail: ["no model"],
  restarts: 2,
} as const;

test("it pushes the image, starts the instances on blue, and ends when the address answers", async () => {
  const { up, stack, registry, record, clock, journal } = start();
  const made = await up();
  expect(made).toMatchObject({
    release: 1,
    colour: "blue",
    version: "v1",
    replaces: null,
    strategy: null,
    outcome: "succeeded",
    context_hash: "c1",
    who: "ada@laptop",
    finished: clock.now().toISOString(),
  });
  expect(record(1)).toEqual(made);
  expect(made.image).toBe(`registry/app@${registry.tags.get("v1")}`);
  expect(stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
  expect(stack.pointers.blue).toMatchObject({ release: 1, version: "v1" });
  expect(journal()).toMatchObject({ outcome: "succeeded" });
  // The registry must not expire what serves.
  expect(registry.tags.get("live-0001")).toBe(made.digest);
});

test("findings of the registry's scan stop it before any instance starts", async () => {
  const settings = config();
  const { up, stack, registry, record } = start({
    config: { ...settings, release: { ...settings.release, scan: "critical" } },
  });
  registry.criticalFindings = 2;
  const refused = up();
  await expect(refused).rejects.toThrow("v1 cannot be released now: the registry's scan");
  await expect(refused).rejects.not.toMatchObject({
    next: expect.stringContaining("--force") as string,
  });
  expect(stack.groups.blue).toMatchObject({ desired: 0 });
  expect(record(1)).toBeUndefined();
});

test("without a name the version comes from the image's content", async () => {
  const { up } = start({ config: { ...config(), version: null }, version: undefined as never });
  expect((await up()).version).toBe(`sha-${imageId("sources of v1").slice(7, 19)}`);
});

test("an app that does not tell its version is there when its health path answers", async () => {
  const { up, session } = start({ config: { ...config(), version: null } });
  expect(session.config.version).toBeNull();
  expect((await up()).outcome).toBe("succeeded");
});

test("reads that fail neither end it nor scale it to zero", async () => {
  let reads = 0;
  const { up, stack } = start({
    weather: (call, when) => {
      if (when === "after" || !/^(fleet\.groups|door\.|alarms\.)/.test(call)) return;
      reads += 1;
      // All of them for a while, as when AWS has a bad minute.
      if (reads > 8 && reads < 60) throw awsFailure("ServiceUnavailable", "try later");
    },
  });
  expect((await up()).outcome).toBe("succeeded");
  expect(reads).toBeGreaterThan(60);
  expect(stack.calls.filter((call) => call === "fleet.scale")).toHaveLength(2);
  expect(stack.groups.blue.desired).toBe(2);
});

async function failure(world: ReturnType<typeof start>): Promise<CommandError> {
  const error: unknown = await world.up().then(
    () => expect.fail("it came up"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandError)) throw error;
  return error;
}

test("a key that the instance refuses is named with its place", async () => {
  const world = start();
  const detail = "container.cache.path has /app, where the cache would hide the image's own /app";
  world.stack.bad.set(1, { state: "failed", detail, log_tail: [], restarts: 0 });
  expect(await failure(world)).toMatchObject({
    message: expect.stringContaining(detail),
    where: expect.stringMatching(/^infer-deploy\.yml, container\.cache\.path, instance i-1 /),
  });
});

test("a container that crashes: its last lines, exit code 1, and no instances that cost money", async () => {
  const world = start();
  world.stack.bad.set(1, crash);
  expect(await failure(world)).toMatchObject({
    exitCode: 1,
    message: "Version v1 does not run: the container crashes: exit code 1.",
    where: 'instance i-1 in eu-west-1a, agent state "crashed"',
    detail: ["no model"],
    next: "fix the image or its settings, then run infer-deploy up again; the instances were stopped",
  });
  expect(world.stack.groups.blue).toMatchObject({ min: 0, desired: 0 });
  expect(world.record(1)).toMatchObject({
    outcome: "failed",
    reason: "the container crashes: exit code 1",
  });
  expect(world.journal()).toMatchObject({ outcome: "failed" });
});

test("an image that loads for longer than it may: exit code 4, and which setting to raise", async () => {
  const world = start({ startMilliseconds: 900_000 });
  expect(await failure(world)).toMatchObject({
    exitCode: 4,
    message: "Version v1 did not come up: it was not healthy within 720 s.",
    next: expect.stringContaining("health.timeout"),
  });
  expect(world.stack.groups.blue).toMatchObject({ min: 0, desired: 0 });
  expect(world.record(1)).toMatchObject({ outcome: "timed-out" });
});

test("an address that answers with another version: exit code 4, and where to look", async () => {
  const world = start({ version: "v2" });
  expect(await failure(world)).toMatchObject({
    exitCode: 4,
    detail: ["GET /version answered 200 by version v1"],
    next: expect.stringMatching(/network\.allow .* version\.path .* the instances keep running$/),
  });
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
});

test("Ctrl-C: the signal's own exit code, the instances are stopped, and how to start again", async () => {
  const world: ReturnType<typeof start> = start({
    weather: (call) => {
      if (call === "door.health") world.press("SIGTERM");
    },
  });
  const error = await failure(world);
  expect(error).toBeInstanceOf(InterruptedError);
  expect(error).toMatchObject({
    exitCode: 143,
    message: "Release 1 (v1) was stopped by SIGTERM.",
    why: "its instances were stopped, the lock is released",
    next: `${thisCommand} starts it again`,
  });
  expect(world.stack.groups.blue).toMatchObject({ min: 0, desired: 0 });
  expect(world.record(1)).toMatchObject({ outcome: "cancelled" });
});

test("an image that cannot be pushed begins no release", async () => {
  const world = start();
  world.registry.broken = awsFailure("AccessDeniedException", "not you");
  await expect(world.up()).rejects.toThrow("not you");
  expect(world.record(1)).toBeUndefined();
  expect(world.stack.calls).toEqual([]);
});

test("after failures the next one has a new number", async () => {
  const world = start();
  const failed = [{ ...world.current, release: 3, outcome: "failed" as const }];
  const made = await releaseFirst(world.session, {
    releases: failed,
    image: async () => engineImage(imageId("sources of v1")),
    contextHash: "c1",
    version: "v4",
  }).catch((error: unknown) => error);
  // The fake app answers with the number of its release.
  expect(made).toMatchObject({ release: 4, outcome: "succeeded" });
});
