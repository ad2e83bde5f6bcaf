import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { startLoop } from "../../../test/_helpers/loop-script.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";

const crash = { cause: "the container crashes", where: "instance i-1", detail: [] };
const failed = { candidate: { verdict: "failed", ...crash } } as const;
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
    ...change("pause-scaling", "scaling"),
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
    ...change("resume-scaling", "scaling"),
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
    "begun resume-scaling-back",
    "do scaling",
    "done resume-scaling-back",
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

test("what a look that Ctrl-C ended could not see is not shown", async () => {
  const stop = new AbortController();
  const { ended, looks, shown } = startLoop({
    signal: stop.signal,
    look: (_, step) => {
      if (!step.startsWith("bake")) return {};
      stop.abort();
      return { members: null, capacity: null };
    },
  });
  expect(await ended).toMatchObject({ outcome: "cancelled" });
  expect(shown).toHaveLength(looks.length - 1);
  expect(shown.filter(({ members }) => members === null)).toEqual([]);
});

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

test("each phase is one line, and the way back closes what it leaves as failed", async () => {
  const good = startLoop();
  await good.ended;
  const all = ["start", "probe", "shift-100", "tidy"];
  expect(good.reporter.steps()).toEqual(all.flatMap((id) => [`+ ${id}`, `- ${id} done`]));
  const bad = startLoop({ look: (_, step) => (step.startsWith("bake") ? alarm : {}) });
  await bad.ended;
  expect(bad.reporter.steps().slice(4)).toEqual([
    "+ shift-100",
    "- shift-100 failed",
    "+ put-back",
    "- put-back done",
    "+ discard",
    "- discard done",
  ]);
});

test("what a step waits for is its progress", async () => {
  const waiting = { candidate: { verdict: "waiting", detail: "1 of 2 targets healthy" } } as const;
  const { ended, reporter } = startLoop({ look: (at) => (at < 1000 ? waiting : {}) });
  await ended;
  expect(reporter.events).toContainEqual({
    type: "step-progress",
    step: "start",
    detail: "1 of 2 targets healthy",
  });
});

test("a way back that does not get through closes its line as failed", async () => {
  const { ended, reporter } = startLoop({
    look: (_, step) => (step.startsWith("bake") ? failed : {}),
    act: (action) => {
      if (action.do === "weigh" && action.weights.blue === 100) throw new Error("no");
    },
  });
  expect(await ended).toMatchObject({ outcome: "rolled-back", stuck: true });
  expect(reporter.steps().at(-1)).toBe("- put-back failed");
});

test("a change of the tidying that never gets through is left out, and that is a warning", async () => {
  const { ended, log, reporter } = startLoop({
    act: (action) => {
      if (action.do === "close-probe") throw awsFailure("InternalFailure", "We made a mistake");
    },
  });
  expect(await ended).toEqual({
    outcome: "succeeded",
    failure: null,
    stuck: false,
    untidy: [{ step: "close-probe", reason: expect.stringContaining("We made a mistake") }],
  });
  expect(reporter.warnings()).toEqual([
    expect.stringMatching(
      /^the step close-probe failed again and again .*mistake \(AWS request r-1\)/,
    ),
  ]);
  expect(log.filter((line) => line === "begun close-probe")).toHaveLength(31);
  expect(log.at(-1)).toBe("done retire-previous");
});

test("that all traffic has moved is reported once, after its last share", async () => {
  const stages = [10, 50, 100].map((weight) => ({ weight, bakeSeconds: 2 }));
  const { ended, log } = startLoop({ plan: plan({ strategy: "canary", stages }) });
  await ended;
  expect(log.filter((line) => line === "shifted")).toHaveLength(1);
  expect(log.lastIndexOf("do weigh")).toBeLessThan(log.indexOf("shifted"));
});
