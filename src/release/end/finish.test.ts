import { expect, test } from "vitest";
import { credentials } from "../../../test/_helpers/credentials.ts";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { TaggedImages } from "../../../test/_helpers/tagged-images.ts";
import { listener } from "../../../test/_helpers/listener.ts";
import { next, served } from "../../../test/_helpers/release-world.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import type { CommandError } from "../../errors/command-error.ts";
import { InterruptedError, type StopSignal } from "../../errors/interrupted-error.ts";
import { thisCommand } from "../../errors/printed-commands.ts";
import { protectImages, throwUnlessSucceeded } from "./finish.ts";
import type { Ending } from "../strategy/machine.ts";

/** Release 8 serves, 7 is kept warm; the tags are those that release 7 left. */
function setUp() {
  const registry = new TaggedImages()
    .add("sha256:66", "v6", "live-0006")
    .add("sha256:77", "v7", "live-0007")
    .add("sha256:88", "v8");
  const reporter = listener();
  const deps = {
    ecr: async () => Promise.resolve(registry.client),
    reporter,
    stack: stackRecord(),
  };
  return { registry, reporter, deps };
}

const tags = ({ tags: found }: TaggedImages) => Object.fromEntries(found);

test("the serving and the previous image get the tags that never expire, the one before loses its own", async () => {
  const { registry, reporter, deps } = setUp();
  await protectImages(deps, [next(), served()]);
  expect(tags(registry)).toEqual({
    v6: "sha256:66",
    v7: "sha256:77",
    "live-0007": "sha256:77",
    v8: "sha256:88",
    "live-0008": "sha256:88",
  });
  expect(reporter.events).toEqual([]);
});

test("a second time changes nothing, and warns of nothing", async () => {
  const { registry, reporter, deps } = setUp();
  await protectImages(deps, [next(), served()]);
  const before = tags(registry);
  await protectImages(deps, [next(), served()]);
  expect(tags(registry)).toEqual(before);
  expect(reporter.events).toEqual([]);
});

test("a user's own tags stay, even those that begin alike", async () => {
  const { registry, deps } = setUp();
  registry.add("sha256:66", "live-demo", "live-0006-copy");
  await protectImages(deps, [next(), served()]);
  expect(tags(registry)).toMatchObject({ "live-demo": "sha256:66", "live-0006-copy": "sha256:66" });
});

test("two releases of one image both protect it", async () => {
  const { registry, deps } = setUp();
  await protectImages(deps, [next({ digest: "sha256:77" }), served()]);
  expect(tags(registry)).toMatchObject({ "live-0007": "sha256:77", "live-0008": "sha256:77" });
});

test("a registry that refuses is a warning with AWS's words and request id, because the release is done", async () => {
  const { registry, reporter, deps } = setUp();
  registry.failure = awsFailure("ServerException", "try later", "r-42");
  await protectImages(deps, [next(), served()]);
  expect(reporter.warnings()).toEqual([
    "the registry may expire the serving image, because tagging it failed: ServerException: try later (AWS request r-42)",
  ]);
});

test("an image that is gone does not take the other one's protection away", async () => {
  const { registry, reporter, deps } = setUp();
  registry.digests.delete("sha256:88");
  await protectImages(deps, [next(), served()]);
  expect(tags(registry)).toMatchObject({ "live-0007": "sha256:77" });
  expect(reporter.warnings()).toEqual([expect.stringContaining("ImageNotFoundException")]);
});

const failure = { cause: "the alarm errors went off", where: "alarm errors", detail: ["why"] };

function thrown(ending: Partial<Ending>, signal?: StopSignal): CommandError | undefined {
  const session = {
    credentials: credentials(),
    interrupts: { signal, throwIfInterrupted: () => undefined },
    command: "release --version v8",
  };
  try {
    throwUnlessSucceeded(session, plan(), {
      outcome: "cancelled",
      failure: null,
      stuck: false,
      ...ending,
    });
    return undefined;
  } catch (error) {
    return error as CommandError;
  }
}

test("a release that succeeded is no error, even if the user pressed Ctrl-C at its end", () => {
  expect(thrown({ outcome: "succeeded" })).toBeUndefined();
  expect(thrown({ outcome: "succeeded" }, "SIGINT")).toBeUndefined();
});

test.each([
  ["rolled-back", 3],
  ["timed-out", 4],
  ["failed", 1],
] as const)("a release that ended as %s exits with %i and its cause", (outcome, exitCode) => {
  expect(thrown({ outcome, failure })).toMatchObject({
    exitCode,
    message: "v8 was rolled back: the alarm errors went off.",
    where: "alarm errors",
    detail: ["why"],
    next: expect.stringContaining("v7 has all traffic."),
  });
});

test.each([
  ["SIGINT", 130, "Ctrl-C"],
  ["SIGTERM", 143, "SIGTERM"],
  ["SIGHUP", 129, "a closed terminal (SIGHUP)"],
] as const)(
  "a release that %s stopped exits with %i, and says what stopped it and how to begin again",
  (signal, code, name) => {
    const error = thrown({}, signal);
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error).toMatchObject({
      exitCode: code,
      message: `Release 8 (v8) was stopped by ${name}.`,
      why: "v7 has all traffic, the lock is released",
      next: `${thisCommand} starts it again`,
    });
  },
);

test("a release that had failed before the Ctrl-C exits with its own cause", () => {
  expect(thrown({ outcome: "rolled-back", failure }, "SIGINT")).toMatchObject({
    exitCode: 3,
    message: "v8 was rolled back: the alarm errors went off.",
  });
});

test.each(["succeeded", "rolled-back", "cancelled"] as const)(
  "traffic that could not be moved back is a separate error, after a release that %s",
  (outcome) => {
    expect(thrown({ outcome, failure, stuck: true }, "SIGINT")).toMatchObject({
      exitCode: 1,
      message: "Release 8 failed, and its traffic could not be moved back to v7.",
      why: "the alarm errors went off",
      next: expect.stringContaining("infer-deploy rollback tries again"),
    });
  },
);

test("traffic that is left where it was because the credentials ended: sign in, then repair", () => {
  const ended = "at the step put-back: The AWS credentials have expired (ExpiredToken: ...)";
  const error = thrown({
    outcome: "rolled-back",
    failure: { cause: "the alarms cannot be read", where: "CloudWatch", detail: [ended] },
    stuck: true,
  });
  expect(error).toMatchObject({
    exitCode: 1,
    message: "Release 8 failed, and its traffic could not be moved back to v7.",
    why: "the AWS credentials have expired",
    next: "aws sso login --profile work, then infer-deploy lock release, then infer-deploy rollback, which repairs it",
  });
});
