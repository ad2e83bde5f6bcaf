import { expect, test } from "vitest";
import { startLoop } from "../../../test/_helpers/loop-script.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";

const crash = { cause: "the container crashes", where: "instance i-1", detail: [] };
const failed = { candidate: { verdict: "failed", ...crash } } as const;
const alarm = {
  alarms: [{ alarm: "errors", cause: "the alarm errors went off", where: "", detail: [] }],
};

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

test("that all traffic has moved is reported once, after its last share", async () => {
  const stages = [10, 50, 100].map((weight) => ({ weight, bakeSeconds: 2 }));
  const { ended, log } = startLoop({ plan: plan({ strategy: "canary", stages }) });
  await ended;
  expect(log.filter((line) => line === "shifted")).toHaveLength(1);
  expect(log.lastIndexOf("do weigh")).toBeLessThan(log.indexOf("shifted"));
});
