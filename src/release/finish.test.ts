import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { next, served } from "../../test/_helpers/release-world.ts";
import { plan } from "../../test/_helpers/rollout-plans.ts";
import { sessionWorld } from "../../test/_helpers/session-world.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { protectImages, throwUnlessSucceeded } from "./finish.ts";
import { planFirst } from "./plan/plan-release.ts";
import type { Ending } from "./strategy/machine.ts";

const ending = (changes: Partial<Ending>): Ending => ({
  outcome: "cancelled",
  failure: null,
  stuck: false,
  ...changes,
});
const crash = { cause: "the container crashes", where: "instance i-1", detail: ["no model"] };

/** What a run ends with, after the user's signal or without one. */
function ended(one: Ending, { plan: of = plan(), signal = false } = {}): unknown {
  const world = sessionWorld();
  if (signal) world.press("SIGINT");
  try {
    throwUnlessSucceeded(world.session, of, one);
    return undefined;
  } catch (error) {
    return error;
  }
}

test("a success ends with nothing, also after a Ctrl-C that came too late", () => {
  expect(ended(ending({ outcome: "succeeded" }))).toBeUndefined();
  expect(ended(ending({ outcome: "succeeded" }), { signal: true })).toBeUndefined();
});

test("one that the user stopped ends with the signal's exit code, and says who has the traffic", () => {
  const error = ended(ending({}), { signal: true });
  expect(error).toBeInstanceOf(InterruptedError);
  expect(error).toMatchObject({
    exitCode: 130,
    message: "Release 8 (v8) was stopped.",
    why: "v7 has all traffic, the lock is released",
    next: "infer-deploy release starts it again",
  });
});

test("a first release that was stopped says what happened to its instances", () => {
  const first = planFirst(next({ colour: "blue" }), 2, 60);
  expect(ended(ending({}), { plan: first as never, signal: true })).toMatchObject({
    why: "its instances were stopped, the lock is released",
  });
});

test("a failure is reported as a failure, also where the user pressed Ctrl-C on the way back", () => {
  const rolledBack = ending({ outcome: "rolled-back", failure: crash });
  for (const signal of [false, true]) {
    expect(ended(rolledBack, { signal })).toMatchObject({
      exitCode: 3,
      message: "v8 was rolled back: the container crashes.",
      where: "instance i-1",
      detail: ["no model"],
    });
  }
});

test("a stop that does not get through is no clean stop, and neither is a success", () => {
  expect(ended(ending({ stuck: true, failure: crash }), { signal: true })).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("could not be moved back"),
  });
  expect(ended(ending({ outcome: "succeeded", stuck: true }))).toBeInstanceOf(Error);
});

test.each([
  ["timed-out", 4],
  ["failed", 1],
  ["rolled-back", 3],
  ["cancelled", 1],
] as const)("the exit code of a release that ended as %s is %i", (outcome, exitCode) => {
  expect(ended(ending({ outcome, failure: crash }))).toMatchObject({ exitCode });
});

test("the registry keeps what serves and what served before, and lets older ones expire", async () => {
  const { session, registry } = sessionWorld();
  const v8 = registry.has("sources of v8", "v8");
  const v7 = registry.tags.get("v7") ?? "";
  registry.has("sources of v6", "v6", "live-0006");
  await protectImages(session, [next({ digest: v8 }), served({ digest: v7 })]);
  expect(Object.fromEntries(registry.tags)).toMatchObject({ "live-0008": v8, "live-0007": v7 });
  expect(registry.tags.has("live-0006")).toBe(false);
  // Its own tag stays: a rollback may still name it.
  expect(registry.tags.has("v6")).toBe(true);
});

test("a registry that refuses is a warning, because the release is done", async () => {
  const { session, registry, reporter } = sessionWorld();
  registry.broken = awsFailure("AccessDeniedException", "not you", "r-4");
  await protectImages(session, [next(), served()]);
  expect(reporter.warnings()).toEqual([expect.stringContaining("(AWS request r-4)")]);
});
