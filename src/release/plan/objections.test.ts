import { expect, test } from "vitest";
import { releaseWorld, served } from "../../../test/_helpers/release-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import type { AlarmSnapshot } from "../../aws/alarms/describe-alarms.ts";
import type { CommandError } from "../../errors/command-error.ts";
import { readServing } from "../observe/serving.ts";
import { strategies } from "../strategy/strategies.ts";
import type { Objection } from "../strategy/strategy.ts";
import { findObjections, refuse, type PreflightFacts } from "./objections.ts";

type World = ReturnType<typeof releaseWorld>;

async function objections(
  arrange: (world: World) => unknown,
  changes: Partial<PreflightFacts> = {},
): Promise<readonly Objection[]> {
  const world = releaseWorld();
  arrange(world);
  const serving = await readServing(world.deps, stackRecord());
  const strategy = strategies["blue-green"];
  return findObjections({
    ...serving,
    strategy,
    instances: 2,
    batch: 1,
    alarms: [],
    ...changes,
  });
}

const alarm = (state: AlarmSnapshot["state"], reason = ""): AlarmSnapshot => ({
  name: "queue-depth",
  state,
  reason,
});

const nothing = (): void => undefined;

const waitForIt =
  "wait until it is off, or add --force to ignore it. After a rollback it stays on for a few minutes, because CloudWatch looks at whole periods";

test("a stack that serves well has no objection, with any strategy", async () => {
  for (const strategy of [strategies["blue-green"], strategies.canary, strategies.rolling]) {
    expect(await objections(nothing, { strategy, alarms: [alarm("OK")] })).toEqual([]);
  }
});

test("both colours have traffic: the weights are named, and --force may skip it", async () => {
  const found = await objections(({ stack }) => {
    stack.weights = { blue: 90, green: 10 };
  });
  expect(found).toEqual([
    {
      what: "both colours have traffic (blue 90, green 10), and no release is in progress",
      next: "look at infer-deploy status, then set one weight to 0, or add --force",
      canForce: true,
    },
  ]);
});

test("a stack that serves on green has no objection either", async () => {
  const onGreen = (world: World): void => {
    world.write(served({ colour: "green" }));
    world.stack.weights = { blue: 0, green: 100 };
    Object.assign(world.stack.groups.green, { min: 2, desired: 2 });
    world.stack.runs("green", 7, 2);
  };
  expect(await objections(onGreen)).toEqual([]);
});

test.each([
  ["its containers crash", 0, ({ stack }: World) => stack.bad.set(7, crash)],
  ["one instance runs another release", 1, ({ stack }: World) => runOther(stack)],
  ["one instance is out of traffic", 1, ({ stack }: World) => stack.move(["i-1"], "Standby")],
])("the serving version is not healthy: %s", async (_why, healthy, arrange) => {
  expect(await objections(arrange)).toEqual([
    {
      what: `the serving version v7 is not healthy: ${healthy} of 2 instances on blue`,
      next: "infer-deploy status shows why; --force releases a version that fixes it",
      canForce: true,
    },
  ]);
});

const crash = { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 } as const;

function runOther(stack: World["stack"]): void {
  stack.pointers.blue = null;
  for (const one of stack.of("blue").slice(0, 1)) one.release = 6;
}

test("a group whose minimum is 0 still needs one healthy instance", async () => {
  const found = await objections(({ stack }) => {
    Object.assign(stack.groups.blue, { min: 0, desired: 0 });
  });
  expect(found.map(({ what }) => what)).toEqual([
    "the serving version v7 is not healthy: 0 of 1 instances on blue",
  ]);
});

test("the idle group has too little room: no --force helps, more instances or rolling do", async () => {
  const found = await objections(({ stack }) => {
    stack.groups.green.max = 1;
  });
  expect(found).toEqual([
    {
      what: "the release needs 2 instances on green, but its group allows at most 1",
      next: "raise instances.max and run infer-deploy up, or choose --strategy rolling",
      canForce: false,
    },
  ]);
  const small = (world: World): void => {
    world.stack.groups.green.max = 1;
  };
  expect(await objections(small, { strategy: strategies.rolling })).toEqual([]);
});

test.each([
  [1, 1],
  [2, 2],
  [2, 3],
])("rolling of %i instances, %i at a time, would leave none", async (count, batch) => {
  const found = await objections(
    ({ stack }) => {
      Object.assign(stack.groups.blue, { min: count, desired: count });
    },
    { strategy: strategies.rolling, batch },
  );
  expect(found).toEqual([
    {
      what: `rolling takes ${batch} of ${count} instances out at a time, so none would serve`,
      next: "raise instances.min and run infer-deploy up, or choose --strategy blue-green",
      canForce: false,
    },
  ]);
});

test.each([
  ["Threshold Crossed", "the alarm queue-depth is already on (Threshold Crossed)"],
  ["", "the alarm queue-depth is already on"],
])("an alarm that is on, for the reason <%s>", async (reason, what) => {
  expect(await objections(nothing, { alarms: [alarm("ALARM", reason)] })).toEqual([
    { what, next: waitForIt, canForce: true },
  ]);
});

test("an alarm that does not exist cannot be forced, because it would never stop the release", async () => {
  expect(await objections(nothing, { alarms: [alarm("MISSING")] })).toEqual([
    {
      what: "the alarm queue-depth does not exist, so it cannot stop a bad release",
      next: "infer-deploy up --refresh creates the stack's own alarms; check release.alarms for yours",
      canForce: false,
    },
  ]);
});

test("an alarm without data is no objection", async () => {
  expect(await objections(nothing, { alarms: [alarm("INSUFFICIENT_DATA")] })).toEqual([]);
});

function refusal(found: readonly Objection[]): CommandError | undefined {
  try {
    refuse(found, "v8");
    return undefined;
  } catch (error) {
    return error as CommandError;
  }
}

test("without objections nothing is refused", () => {
  expect(refusal([])).toBeUndefined();
});

test("one objection is the error itself, with its next step", async () => {
  expect(refusal(await objections(nothing, { alarms: [alarm("ALARM")] }))).toMatchObject({
    message: "v8 cannot be released now: the alarm queue-depth is already on.",
    next: waitForIt,
    exitCode: 1,
  });
});

test("several objections are all listed at once, each with its next step", async () => {
  const everything = ({ stack }: World): void => {
    stack.weights = { blue: 90, green: 10 };
    stack.bad.set(7, crash);
    stack.groups.green.max = 1;
  };
  const error = refusal(await objections(everything, { alarms: [alarm("ALARM")] }));
  expect(error?.message).toBe("v8 cannot be released now, for 4 reasons.");
  expect(error?.exitCode).toBe(1);
  expect(error?.detail).toEqual([
    expect.stringContaining("both colours have traffic"),
    expect.stringMatching(/^ {2}next: look at infer-deploy status/),
    expect.stringContaining("the serving version v7 is not healthy"),
    expect.stringMatching(/^ {2}next: infer-deploy status shows why/),
    expect.stringContaining("the release needs 2 instances on green"),
    expect.stringMatching(/^ {2}next: raise instances.max/),
    expect.stringContaining("the alarm queue-depth is already on"),
    expect.stringMatching(/^ {2}next: wait until it is off/),
  ]);
});
