import { expect, test } from "vitest";
import { releaseSession, type SessionOptions } from "../../test/_helpers/release-session.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import type { JournalDocument } from "../state/journal.ts";
import { isAnswer, rollbackVersion } from "./rollback.ts";
import type { Outcome } from "./strategy/machine.ts";
import { withReleaseLock } from "./with-lock.ts";

/** Release 8 serves on green with its image v8. Release 7 is on blue, kept warm or not, and release 6 was before it. */
function setUp({ warm = true, ...options }: SessionOptions & { readonly warm?: boolean } = {}) {
  const world = releaseSession(options);
  const { session, happened, intent, stack, container, write } = world;
  const common = { container, message: null } as const;
  write(served({ ...common, release: 6, deployment: 6, version: "v6", digest: "sha256:66" }));
  const eight = { release: 8, deployment: 8, version: "v8", digest: "sha256:88" } as const;
  const replaces = { release: 7, version: "v7" };
  write(served({ ...common, ...eight, colour: "green", replaces, strategy: "blue-green" }));
  stack.weights = { blue: 0, green: 100 };
  stack.runs("green", 8, 2);
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  if (!warm) {
    Object.assign(stack.groups.blue, { min: 0, desired: 0 });
  }
  const rollback = async (version?: string, message: string | null = null) =>
    withReleaseLock(
      session,
      async () =>
        Promise.resolve({
          release: async () => {
            happened.push("unlock");
            return Promise.resolve();
          },
        }),
      async (progress) =>
        rollbackVersion(session, version, { ...intent, kind: "rollback", message }, progress),
    );
  return { ...world, rollback };
}

const changes = /put|scale|clear|setWeights|pointers|end$/;

test("after a release that was killed before it began, the version that serves stays", async () => {
  const { rollback, stack, container, write } = setUp();
  const killed = { release: 9, deployment: 9, version: "v9", outcome: "in-progress" } as const;
  write(served({ container, message: null, ...killed, finished: null }));
  expect(await rollback()).toMatchObject({ record: { release: 8, version: "v8" } });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(await rollback()).toMatchObject({ record: { kind: "rollback", version: "v7" } });
});

test("without a version, the previous one that is kept warm gets all traffic; nothing is started", async () => {
  const { rollback, record, stack } = setUp();
  const started = stack.instances.map(({ id }) => id);
  const done = await rollback(undefined, "too slow");
  expect(done).toMatchObject({
    changed: true,
    record: {
      release: 9,
      kind: "rollback",
      version: "v7",
      deployment: 7,
      replaces: { release: 8, version: "v8" },
      outcome: "succeeded",
      message: "too slow",
    },
  });
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(stack.instances.map(({ id }) => id)).toEqual(expect.arrayContaining(started));
  expect(stack.calls).not.toContain("pointers.write");
  expect(record(8)).toMatchObject({
    outcome: "rolled-back",
    reason: "rolled back by release 9: too slow",
    taken_back_by: 9,
  });
});

test("a version that no longer runs is released again from its image, and gets its traffic once it is healthy", async () => {
  const { rollback, stack, record, registry } = setUp({ warm: false });
  const done = await rollback();
  expect(done.record).toMatchObject({ release: 9, version: "v7", deployment: 9, colour: "blue" });
  expect(stack.pointers.blue).toMatchObject({ release: 9, version: "v7" });
  expect(stack.pointers.blue?.image).toBe("registry/app@sha256:77");
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  expect(record(8)).toMatchObject({ outcome: "rolled-back", reason: "rolled back by release 9" });
  expect(Object.fromEntries(registry.tags)).toMatchObject({
    "live-0009": "sha256:77",
    "live-0008": "sha256:88",
  });
});

test("a cold rollback says at once what it takes, and what Ctrl-C does; a warm one has no need", async () => {
  const notes = async (warm: boolean) => {
    const { rollback, reporter } = setUp({ warm });
    await rollback();
    return reporter.events.flatMap((event) => (event.type === "note" ? [event.text] : []));
  };
  expect(await notes(false)).toContainEqual(
    expect.stringMatching(
      /^v7 has no warm instances .* 10 s of watching .* Until the traffic moves, v8 serves\. Ctrl-C gives v8 all traffic again$/,
    ),
  );
  expect(await notes(true)).toEqual([expect.stringMatching(/^rolling back to v7/)]);
});

test("an older version by its name, although a newer one is warm", async () => {
  const { rollback, stack } = setUp();
  expect((await rollback("v6")).record).toMatchObject({ version: "v6", digest: "sha256:66" });
  expect(stack.answering(0)).toBe(9);
});

test("an older version brings its environment back", async () => {
  const { rollback, write, container } = setUp();
  const env = { MODEL: "old" };
  const six = { release: 6, deployment: 6, version: "v6", digest: "sha256:66" };
  write(served({ ...six, container: { ...container, env } }));
  expect((await rollback("v6")).record.container.env).toEqual(env);
});

test("a rollback never starts slowly, whatever the config's strategy is", async () => {
  const settings = { release: { strategy: "canary", bake: "10s" } } as const;
  const { rollback } = setUp({ warm: false, settings });
  expect((await rollback()).record.strategy).toBe("blue-green");
});

test("the version that serves already changes nothing", async () => {
  const { rollback, stack, happened } = setUp();
  expect(await rollback("v8")).toMatchObject({ changed: false, record: { release: 8 } });
  expect(stack.calls.filter((call) => changes.test(call))).toEqual([]);
  expect(happened).toEqual(["unlock"]);
});

test("an unknown version is refused with the known ones, and nothing is touched", async () => {
  const { rollback, stack, happened } = setUp();
  await expect(rollback("v99")).rejects.toMatchObject({
    message: 'No good release has the version "v99".',
    why: "the good ones are v8, v7, v6",
    exitCode: 64,
  });
  expect(stack.calls.filter((call) => changes.test(call))).toEqual([]);
  expect(happened).toEqual(["unlock", "on-failure"]);
});

test("a version whose image has expired is refused with where it was, and nothing is touched", async () => {
  const { rollback, stack, registry } = setUp({ warm: false });
  registry.digests.delete("sha256:77");
  await expect(rollback()).rejects.toMatchObject({
    message: "The image of v7 is no longer in the registry.",
    where: "registry/app@sha256:77",
    next: expect.stringContaining("infer-deploy rollback --to VERSION with a newer one"),
  });
  expect(stack.calls.filter((call) => changes.test(call))).toEqual([]);
});

test("a note says what comes back, and what does not", async () => {
  const { rollback, reporter } = setUp();
  await rollback();
  expect(reporter.events).toContainEqual({
    type: "note",
    text: expect.stringMatching(
      /^rolling back to v7 \(release 7\) with its image.* buckets stays$/,
    ),
  });
});

test("after a rollback, post-release and then on-rollback run, with the lock free; no other hook does", async () => {
  const seen: unknown[] = [];
  const { rollback, happened } = setUp({
    onHook: (name, { version, outcome, previousVersion }) =>
      void seen.push([name, version, outcome, previousVersion]),
  });
  await rollback();
  expect(happened).toEqual(["unlock", "post-release", "on-rollback"]);
  expect(seen).toEqual([
    ["post-release", "v7", "succeeded", "v8"],
    ["on-rollback", "v7", "succeeded", "v8"],
  ]);
});

test("a second rollback goes further back", async () => {
  const { rollback, stack } = setUp();
  await rollback();
  expect((await rollback()).record).toMatchObject({ release: 10, version: "v6" });
  expect(stack.answering(0)).toBe(10);
});

test("an old version that does not start leaves the traffic where it is, and runs on-failure only", async () => {
  const { rollback, stack, record, happened } = setUp({ warm: false });
  stack.bad.set(9, { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 });
  await expect(rollback()).rejects.toMatchObject({ exitCode: 3 });
  expect(stack.weights).toEqual({ blue: 0, green: 100 });
  expect(record(8)).toMatchObject({ outcome: "succeeded", taken_back_by: null });
  expect(record(9)).toMatchObject({ outcome: "rolled-back" });
  expect(happened).toEqual(["unlock", "on-failure"]);
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

test.each(["fleet.scale", "door.setWeights"])(
  "a warm rollback that AWS refuses (%s) does not claim that the traffic has moved",
  async (refused) => {
    const { rollback, stack } = setUp({
      weather: (call, when) => {
        if (call === refused && when === "before" && stack.weights?.green === 100) {
          stack.calls.push("refused");
          if (stack.calls.filter((one) => one === "refused").length === 1)
            throw new Error("not now");
        }
      },
    });
    await expect(rollback()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^The rollback to v7 failed: AWS refused the change/),
      next: "v8 has all traffic, as before; infer-deploy rollback tries again",
    });
    expect(stack.weights).toEqual({ blue: 0, green: 100 });
  },
);
