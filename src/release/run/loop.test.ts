import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { startLoop } from "../../../test/_helpers/loop-script.ts";
import { next } from "../../../test/_helpers/release-world.ts";
import { plan, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import { TakenOverError } from "../../state/journal.ts";
import type { Action } from "../strategy/machine.ts";
import { planFirst } from "../plan/plan-release.ts";

const alarm = {
  alarms: [{ alarm: "errors", cause: "the alarm errors went off", where: "", detail: [] }],
};

test("each change is noted before it is made and after it, and each wait when it begins", async () => {
  const { ended, log } = startLoop();
  expect(await ended).toEqual({ outcome: "succeeded", failure: null, stuck: false });
  const change = (step: string, action = step): string[] => [
    `begun ${step}`,
    `do ${action}`,
    `done ${step}`,
  ];
  expect(log).toEqual([
    ...change("claim"),
    ...change("clear"),
    ...change("point"),
    ...change("start", "scale"),
    "begun wait",
    ...change("open-probe"),
    "begun probe",
    ...change("shift", "weigh"),
    "begun bake",
    "shifted",
    ...change("close-probe"),
    ...change("set-minimum", "scale"),
    ...change("retire-previous", "retire"),
  ]);
});

test("giving the traffic back comes before the note of it", async () => {
  const { ended, log } = startLoop({ look: (_, step) => (step.startsWith("bake") ? alarm : {}) });
  await ended;
  const back = log.slice(log.lastIndexOf("shifted") + 1);
  expect(back.slice(0, 3)).toEqual(["do weigh", "done put-back", "begun see-back"]);
});

test("a step is looked at after a tenth of a second, then as often as it asks for", async () => {
  const starting = { candidate: { verdict: "waiting", detail: "0 of 2" } } as const;
  const { ended, looks } = startLoop({ look: (at) => (at < 3000 ? starting : {}) });
  await ended;
  const times = (step: string): readonly number[] => {
    const own = looks.filter((one) => one.step === `${step} 0`).map(({ at }) => at);
    return own.map((at, index) => at - (own[index - 1] ?? 0));
  };
  expect(times("wait")).toEqual([100, 1000, 1000, 1000]);
  // Only good answers are waited for: twice as long each time.
  expect(times("probe").slice(1)).toEqual([200]);
  // A watch with a time is looked at once a second.
  expect(times("bake").slice(1)).toEqual(Array.from({ length: 10 }, () => 1000));
});

test("Ctrl-C in a pause turns the way back at once, and nothing interrupts the way back", async () => {
  const stop = new AbortController();
  const { ended, log, clock } = startLoop({
    signal: stop.signal,
    look: (_, step) => {
      // The pause after this look has begun by then.
      if (step.startsWith("wait")) setImmediate(() => stop.abort());
      return step.startsWith("wait") ? { candidate: { verdict: "waiting", detail: "" } } : {};
    },
  });
  expect(await ended).toEqual({ outcome: "cancelled", failure: null, stuck: false });
  expect(log.slice(log.indexOf("begun wait"))).toEqual([
    "begun wait",
    "begun withdraw-probe",
    "do close-probe",
    "done withdraw-probe",
    "begun discard",
    "do scale",
    "done discard",
  ]);
  // The one look before it, and no second until the next.
  expect(clock.slept).toEqual([100]);
});

test("after an interruption the looks are not aborted, and a second one changes nothing", async () => {
  const stop = new AbortController();
  const aborted: boolean[] = [];
  const { ended, log } = startLoop({
    signal: stop.signal,
    look: (_, step, signal) => {
      if (step.startsWith("bake")) stop.abort();
      if (step.startsWith("see-back")) aborted.push(signal.aborted);
      return {};
    },
  });
  expect(await ended).toMatchObject({ outcome: "cancelled" });
  expect(aborted.length).toBeGreaterThan(0);
  expect(aborted).not.toContain(true);
  expect(log.filter((line) => line === "done put-back")).toHaveLength(1);
});

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

test("a change that AWS refuses is reported with its known cause and AWS's request id", async () => {
  const { ended } = startLoop({
    act: (action) => {
      if (action.do === "scale" && action.desired === 2) {
        throw awsFailure("ThrottlingException", "Rate exceeded", "r-77");
      }
    },
  });
  expect(await ended).toMatchObject({
    outcome: "failed",
    failure: {
      cause: expect.stringMatching(
        /^AWS refused the change "scale": AWS throttled the calls, .*Rate exceeded \(AWS request r-77\)/,
      ),
      where: "step start",
    },
  });
});
