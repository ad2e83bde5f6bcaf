import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { releaseSession, type SessionOptions } from "../../test/_helpers/release-session.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { CommandError } from "../errors/command-error.ts";
import { openJournal } from "../state/journal.ts";
import { releaseVersion } from "./release.ts";
import type { ImageRequest } from "./image/resolve-image.ts";
import { withReleaseLock } from "./with-lock.ts";

const crash = { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 } as const;

function setUp(options: SessionOptions = {}) {
  const world = releaseSession(options);
  const { session, happened, intent } = world;
  /** As the verb does it, with the lock. */
  const release = async (changes: Partial<ImageRequest> = {}, force = false) => {
    const request = {
      version: "v8",
      fromImage: undefined,
      build: false,
      buildArgs: {},
      ...changes,
    };
    const unlock = async (): Promise<void> => void happened.push("unlock");
    return withReleaseLock(
      session,
      async () => Promise.resolve({ release: unlock }),
      async (progress) =>
        releaseVersion(session, request, { ...intent, force }, progress, ({ release: number }) => {
          happened.push(`begun ${number}`);
        }),
    );
  };
  /** What the user sees: nothing here may differ after a refusal. */
  const state = () => ({
    weights: world.stack.weights,
    groups: world.stack.groups,
    pointers: world.stack.pointers,
    tags: Object.fromEntries(world.registry.tags),
    next: world.record(8),
    journal: world.journal(),
  });
  return { ...world, release, state };
}

test("a new version serves, is recorded, and its image is protected together with the previous one", async () => {
  const { release, stack, record, journal, registry, container } = setUp();
  const done = await release();
  expect(done).toMatchObject({ changed: true, record: { release: 8, version: "v8", container } });
  expect(done.record).toMatchObject({ digest: "sha256:88", outcome: "succeeded" });
  expect(record(8)).toEqual(done.record);
  expect(journal()).toMatchObject({ release: 8, outcome: "succeeded" });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(Object.fromEntries(registry.tags)).toMatchObject({
    "live-0007": "sha256:77",
    "live-0008": "sha256:88",
  });
});

test("the hooks run in order: before the release, when all traffic has moved, and after the lock is free", async () => {
  const seen: unknown[] = [];
  const world = setUp({
    onHook: (name, { release, outcome }) => {
      seen.push([name, release, outcome, world.stack.weights?.green]);
    },
  });
  await world.release();
  expect(world.happened).toEqual([
    "pre-release",
    "begun 8",
    "post-shift",
    "unlock",
    "post-release",
  ]);
  expect(seen).toEqual([
    ["pre-release", 8, "in-progress", 0],
    ["post-shift", 8, "in-progress", 100],
    ["post-release", 8, "succeeded", 100],
  ]);
});

test("the serving version again changes nothing and runs no hook", async () => {
  const { release, state, stack, happened } = setUp();
  const before = structuredClone(state());
  expect(await release({ version: "v7" })).toMatchObject({
    changed: false,
    record: { release: 7, version: "v7" },
  });
  expect(state()).toEqual(before);
  expect(happened).toEqual(["unlock"]);
  expect(stack.calls.filter((call) => /put|scale|setWeights|pointers/.test(call))).toEqual([]);
});

test("the serving version with another environment is a release", async () => {
  const { release, write, container } = setUp();
  write(served({ container: { ...container, env: { MODEL: "mini" } } }));
  const done = await release({ version: "v7" });
  expect(done).toMatchObject({ changed: true, record: { release: 8, version: "v7" } });
});

test("a version that the registry has with other content is refused by name, and nothing is touched", async () => {
  const { release, state, registry } = setUp();
  registry.add("sha256:99", "candidate");
  const before = structuredClone(state());
  await expect(release({ version: "v7", fromImage: "candidate" })).rejects.toMatchObject({
    message: "Version v7 is in the registry with other content, and versions are immutable.",
    where: "app:v7",
    why: "the registry has sha256:77, --from-image is sha256:99",
    next: "choose another version with --version",
    exitCode: 1,
  });
  expect(state()).toEqual(before);
});

test("an image of the registry gets the new version's name", async () => {
  const { release, registry } = setUp();
  registry.add("sha256:99", "candidate");
  await release({ version: "v9", fromImage: "candidate" });
  expect(registry.tags.get("v9")).toBe("sha256:99");
});

test("an image that the registry does not have is refused by name", async () => {
  const { release, record } = setUp();
  await expect(release({ version: "v10" })).rejects.toMatchObject({
    message: 'The registry has no image "v10".',
    next: expect.stringContaining("leave out --no-build"),
  });
  expect(record(8)).toBeUndefined();
});

test("an objection refuses the release before any hook and before the build", async () => {
  const { release, state, stack, happened } = setUp();
  stack.alarmsOn.add("app-production-unanswered");
  const before = structuredClone(state());
  await expect(release({ build: true })).rejects.toMatchObject({
    message: expect.stringMatching(/^v8 cannot be released now: the alarm app-production-unans/),
  });
  expect(state()).toEqual(before);
  expect(happened).toEqual(["unlock", "on-failure"]);
  await expect(release({}, true)).resolves.toMatchObject({ changed: true });
});

test("pre-build runs before the build, and only where something is built", async () => {
  const { release, happened } = setUp();
  await expect(release({ build: true })).rejects.toThrow();
  expect(happened.slice(0, 2)).toEqual(["pre-build", "docker"]);
  expect(happened.slice(-2)).toEqual(["unlock", "on-failure"]);
});

test.each(["pre-build", "pre-release"] as const)(
  "%s refuses: nothing is touched, and on-failure learns why",
  async (refusing) => {
    const reasons: unknown[] = [];
    const { release, state, happened } = setUp({
      onHook: (name, { reason }) => {
        if (name === refusing) throw new CommandError("The hook says no.");
        reasons.push([name, reason]);
      },
    });
    const before = structuredClone(state());
    await expect(release({ build: refusing === "pre-build" })).rejects.toThrow("The hook says no.");
    expect(state()).toEqual(before);
    expect(happened).toEqual([refusing, "unlock", "on-failure"]);
    expect(reasons).toEqual([["on-failure", "The hook says no."]]);
  },
);

test("Ctrl-C during pre-release begins no release", async () => {
  const world = setUp({
    onHook: (name) => {
      if (name === "pre-release") world.press();
    },
  });
  await expect(world.release()).rejects.toMatchObject({ exitCode: 130 });
  expect(world.record(8)).toBeUndefined();
  expect(world.happened).toEqual(["pre-release", "unlock", "on-failure"]);
});

test("a key that the instance refuses is named with its place", async () => {
  const { release, stack } = setUp();
  const detail = "container.shm asks for 3000 MB, and the container has 2000 MB";
  stack.bad.set(8, { state: "failed", detail, log_tail: [], restarts: 0 });
  await expect(release()).rejects.toMatchObject({
    where: expect.stringMatching(/^infer-deploy\.yml, container\.shm, instance /),
  });
});

test("a bad version is rolled back: on-rollback and then on-failure learn why, post-shift does not run", async () => {
  const reasons: unknown[] = [];
  const { release, stack, record, happened, registry } = setUp({
    onHook: (name, { reason, outcome }) => void reasons.push([name, outcome, reason]),
  });
  stack.bad.set(8, crash);
  await expect(release()).rejects.toMatchObject({
    exitCode: 3,
    message: "v8 was rolled back: the container crashes: exit code 1.",
  });
  expect(happened).toEqual(["pre-release", "begun 8", "unlock", "on-rollback", "on-failure"]);
  const why = "the container crashes: exit code 1";
  expect(reasons.slice(1)).toEqual([
    ["on-rollback", "rolled-back", why],
    ["on-failure", "rolled-back", why],
  ]);
  expect(record(8)).toMatchObject({ outcome: "rolled-back", reason: why });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(registry.tags.has("live-0008")).toBe(false);
});

test("what a killed run left is repaired first, and its number is not used again", async () => {
  const { release, session, write, record, reporter } = setUp();
  write(
    served({ release: 8, deployment: 8, outcome: "in-progress", finished: null, version: "v6" }),
  );
  const to = { colour: "green", version: "v6", deployment: 8 } as const;
  const journal = await openJournal(session.store, plan({ to }), session.clock.now);
  await journal.write("claim", "begun");
  expect(await release()).toMatchObject({ changed: true, record: { release: 9, version: "v8" } });
  expect(record(8)).toMatchObject({ outcome: "cancelled" });
  expect(reporter.warnings()).toEqual([
    'release 8 (v6) was interrupted at the step "claim"; repairing it first',
  ]);
});

test("a release that fails after all traffic has moved waits for post-shift, so that the hooks stay in order", async () => {
  const world = setUp({
    weather: (call, when, key) => {
      const isEnd = call === "store.put" && key === "journal.json" && when === "before";
      if (isEnd && world.record(8)?.outcome === "succeeded") throw awsFailure("SlowDown", "busy");
    },
    onHook: async (name) => {
      if (name !== "post-shift") return;
      for (let turns = 0; turns < 1000; turns += 1) await setImmediate();
      world.happened.push("post-shift is over");
    },
  });
  await expect(world.release()).rejects.toMatchObject({ why: expect.stringContaining("busy") });
  expect(world.happened).toEqual([
    "pre-release",
    "begun 8",
    "post-shift",
    "post-shift is over",
    "unlock",
    "on-failure",
  ]);
});
