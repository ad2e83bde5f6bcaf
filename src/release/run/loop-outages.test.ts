import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { startLoop } from "../../../test/_helpers/loop-script.ts";
import { plan, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import { InterruptedError } from "../../errors/interrupted-error.ts";

const crash = { cause: "the container crashes", where: "instance i-1", detail: [] };
const failed = { candidate: { verdict: "failed", ...crash } } as const;

test("credentials that end turn a release back while they still last", async () => {
  const stages = [
    { weight: 10, bakeSeconds: 3000 },
    { weight: 100, bakeSeconds: 10 },
  ];
  const { ended, log, clock } = startLoop({
    plan: plan({ strategy: "canary", stages, timeoutSeconds: 3600 }),
    left: (at) => 600 - at,
  });
  expect(await ended).toEqual({
    outcome: "rolled-back",
    failure: {
      cause: "the AWS credentials end in 2 min 59 s, and the way back needs them",
      where: "credentials",
      detail: [],
      next: "aws sso login --profile work, then run the same command again",
    },
    stuck: false,
  });
  expect(log.slice(log.indexOf("begun bake") + 1, -1)).toContain("done put-back");
  // Not before there is need to.
  expect(clock.slept.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(415_000);
});

test("they do not matter to the way back itself, nor to tidying", async () => {
  const good = startLoop({
    left: () => 60,
    look: (_, step) => (step.startsWith("bake") ? failed : {}),
  });
  expect((await good.ended).failure?.where).toBe("credentials");
  const plenty = startLoop({ left: () => 3600 });
  expect(await plenty.ended).toEqual({ outcome: "succeeded", failure: null, stuck: false });
});

test("updating in place, the way back takes as long as the way so far", async () => {
  const { ended } = startLoop({
    plan: rollingPlan({ timeoutSeconds: 3600 }),
    look: () => ({ candidate: { verdict: "waiting", detail: "" }, members: [] }),
    left: (at) => 1000 - at,
  });
  // 180 s and the 410 s so far are 590 s.
  expect((await ended).failure?.cause).toBe(
    "the AWS credentials end in 9 min 49 s, and the way back needs them",
  );
});

test("instances that cannot be seen for three looks are reported, once", async () => {
  const { ended, reporter } = startLoop({
    look: (at) =>
      at < 8000
        ? {
            members: null,
            candidate: { verdict: "waiting", detail: "the instances cannot be read now: x" },
          }
        : {},
  });
  expect(await ended).toMatchObject({ outcome: "succeeded" });
  expect(reporter.warnings()).toEqual(["the instances cannot be read now: x; the release waits"]);
});

test("a stuck way back says who has the traffic", async () => {
  const stages = [
    { weight: 10, bakeSeconds: 30 },
    { weight: 100, bakeSeconds: 10 },
  ];
  const { ended, reporter } = startLoop({
    plan: plan({ strategy: "canary", stages }),
    look: (_, step) => (step.startsWith("bake") ? failed : {}),
    act: (action) => {
      if (action.do === "weigh" && action.weights.blue === 100) {
        throw awsFailure("ExpiredToken", "The security token included in the request is expired");
      }
    },
  });
  expect(await ended).toMatchObject({ stuck: true });
  expect(reporter.warnings()).toContain(
    "v8 was given 10 % of the traffic, v7 the rest, and nothing watches it now",
  );
});

test("a signal that ends a read on its way to a change is an interruption, not a refusal", async () => {
  let isFirst = true;
  const { ended } = startLoop({
    act: (action) => {
      if (action.do !== "weigh" || !isFirst) return;
      isFirst = false;
      throw new InterruptedError("SIGINT", "Stopped by Ctrl-C");
    },
  });
  expect(await ended).toEqual({ outcome: "cancelled", failure: null, stuck: false });
});
