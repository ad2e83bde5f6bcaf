import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { startLoop } from "../../../test/_helpers/loop-script.ts";
import { next } from "../../../test/_helpers/release-world.ts";
import { plan, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import { TakenOverError } from "../../state/journal.ts";
import type { Action } from "../strategy/machine.ts";
import { planFirst } from "../plan/plan-release.ts";

test("a journal that cannot be written is a warning, and the release continues", async () => {
  const { ended, reporter } = startLoop({
    write: (step) => {
      if (step === "point" || step === "wait") throw awsFailure("SlowDown", "Reduce your rate.");
    },
  });
  expect(await ended).toMatchObject({ outcome: "succeeded" });
  expect(reporter.warnings()).toHaveLength(3);
  expect(reporter.warnings()[0]).toMatch(
    /^the journal could not be written at the step point: .*SlowDown: Reduce your rate\. \(AWS request r-1\)/,
  );
});

test.each([
  ["blue-green", plan()],
  ["a warm rollback", plan({ warm: true })],
  ["rolling", rollingPlan()],
  ["first", planFirst(next({ colour: "blue" }), 2, 60)],
])("without a first note nothing is begun, so that no run has to guess: %s", async (_, one) => {
  const done: Action[] = [];
  const { ended } = startLoop({
    plan: one,
    write: () => {
      if (done.length === 0) throw awsFailure("AccessDenied", "Access Denied");
    },
    act: (action) => void done.push(action),
  });
  expect(await ended).toMatchObject({ outcome: "failed" });
  expect(done).not.toContainEqual(expect.objectContaining({ do: "claim" }));
  expect(done).not.toContainEqual(expect.objectContaining({ do: "point", deployment: 8 }));
});

test("no traffic moves before the note of it is written: a repair would take the version away", async () => {
  const moved: unknown[] = [];
  const { ended } = startLoop({
    write: (step) => {
      if (step === "shift") throw awsFailure("SlowDown", "Reduce your rate.");
    },
    act: (action) => void (action.do === "weigh" && moved.push(action.weights)),
  });
  expect(await ended).toMatchObject({
    outcome: "failed",
    failure: { cause: expect.stringMatching(/the journal could not be written .*request r-1/) },
  });
  expect(moved).toEqual([{ blue: 100, green: 0 }]);
});

test("a later share moves without its note: that there is traffic is known", async () => {
  let shifts = 0;
  const { ended, reporter } = startLoop({
    plan: plan({ stages: [10, 100].map((weight) => ({ weight, bakeSeconds: 0 })) }),
    write: (step, phase) => {
      shifts += step === "shift" && phase === "begun" ? 1 : 0;
      if (step === "shift" && shifts > 1) throw awsFailure("SlowDown", "Reduce your rate.");
    },
  });
  expect(await ended).toMatchObject({ outcome: "succeeded" });
  expect(reporter.warnings()).toHaveLength(2);
});

test("the previous version is not let go before the note of it: a repair would give it the traffic", async () => {
  let failures = 3;
  const { ended, log } = startLoop({
    write: (step, phase) => {
      if (step !== "retire-previous" || phase === "done" || failures === 0) return;
      failures -= 1;
      throw awsFailure("SlowDown", "Reduce your rate.");
    },
  });
  expect(await ended).toMatchObject({ outcome: "succeeded" });
  expect(failures).toBe(0);
  expect(log.slice(-3)).toEqual(["begun retire-previous", "do retire", "done retire-previous"]);
});

test.each(["begun claim", "done point", "begun shift", "begun wait"])(
  "a run that has been taken over touches nothing any more: %s",
  async (when) => {
    const { ended, log, reporter } = startLoop({
      write: (step, phase) => {
        if (`${phase} ${step}` === when) throw new TakenOverError();
      },
    });
    await expect(ended).rejects.toThrow(TakenOverError);
    // Its last change is the one that this note was of.
    const last = new Map([
      ["done point", "do point"],
      ["begun wait", "do scale"],
      ["begun shift", "do open-probe"],
    ]);
    expect(log.findLast((line) => line.startsWith("do "))).toBe(last.get(when));
    expect(reporter.steps().at(-1)).toMatch(/ failed$/);
  },
);
