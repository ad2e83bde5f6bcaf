import { expect, test } from "vitest";
import { goodLook, plan, probe } from "../../../../test/_helpers/rollout-plans.ts";
import type { RolloutPlan } from "../../../state/rollout-plan.ts";
import type { Action, Look } from "../machine.ts";
import { shiftMachine } from "./shift.ts";
import type { ShiftState } from "./judgements.ts";

/** Continues with good looks and successful changes until `stop`, and records the changes. */
function walk(
  one: RolloutPlan,
  stop: (state: ShiftState) => boolean,
  from: ShiftState = shiftMachine.start(one, 0),
): { readonly state: ShiftState; readonly actions: readonly Action[] } {
  const actions: Action[] = [];
  let state = from;
  let at = from.entered;
  for (let count = 0; count < 1000 && !stop(state); count += 1) {
    at += 1000;
    if (state.action !== null) {
      actions.push(state.action);
      state = shiftMachine.next(one, state, { type: "acted", at });
    } else {
      state = shiftMachine.next(one, state, { type: "looked", look: goodLook(at) });
    }
  }
  return { state, actions };
}

const toEnd = (state: ShiftState): boolean => state.ended !== null;
const toStep =
  (step: string) =>
  (state: ShiftState): boolean =>
    state.step === step && state.action === null;

function look(one: RolloutPlan, state: ShiftState, changes: Partial<Look>): ShiftState {
  const seen = goodLook(state.entered + 1000, changes);
  return shiftMachine.next(one, state, { type: "looked", look: seen });
}

test("blue-green: claim, clear, point, start, prove, move everything, keep the previous one warm", () => {
  const { state, actions } = walk(plan(), toEnd);
  expect(actions).toEqual([
    { do: "claim", colour: "green" },
    { do: "scaling", serving: "blue", isOn: false },
    { do: "clear", colour: "green" },
    { do: "point", colour: "green", deployment: 8, update: "never" },
    { do: "scale", colour: "green", minimum: 2, desired: 2 },
    { do: "open-probe", colour: "green" },
    { do: "weigh", weights: { blue: 0, green: 100 } },
    { do: "close-probe" },
    { do: "scale", colour: "green", minimum: 2, desired: null },
    { do: "scaling", serving: "green", isOn: true },
    { do: "retire", colour: "blue", seconds: 600 },
  ]);
  expect(state.ended).toEqual({ outcome: "succeeded", failure: null, stuck: false });
});

test("canary: a tenth first", () => {
  const stages = [10, 100].map((weight) => ({ weight, bakeSeconds: 10 }));
  const { actions } = walk(plan({ stages }), toEnd);
  expect(actions.filter((action) => action.do === "weigh")).toEqual([
    { do: "weigh", weights: { blue: 90, green: 10 } },
    { do: "weigh", weights: { blue: 0, green: 100 } },
  ]);
});

const errors = { alarm: "errors", cause: "the alarm errors went off", where: "alarm", detail: [] };
const unhealthy = { ...errors, alarm: "app-production-green-unhealthy" };
const crash = { cause: "the container crashes", where: "instance i-1", detail: ["no model"] };

test("a version that does not start is removed at once, and the traffic is never touched", () => {
  const one = plan();
  const { state } = walk(one, toStep("wait"));
  const back = look(one, state, { candidate: { verdict: "failed", ...crash } });
  const { state: end, actions } = walk(one, toEnd, back);
  expect(actions).toEqual([
    { do: "close-probe" },
    { do: "scale", colour: "green", minimum: 0, desired: 0 },
    { do: "scaling", serving: "blue", isOn: true },
  ]);
  expect(end.ended).toMatchObject({ outcome: "rolled-back", failure: crash, stuck: false });
});

test.each([
  ["an alarm", { alarms: [errors] }],
  ["an instance that fails", { candidate: { verdict: "failed", ...crash } }],
] satisfies [string, Partial<Look>][])(
  "%s after the shift moves all traffic back first",
  (_, changes) => {
    const one = plan();
    const { state } = walk(one, toStep("bake"));
    const back = look(one, state, changes);
    expect(back.action).toEqual({ do: "weigh", weights: { blue: 100, green: 0 } });
    const { actions, state: end } = walk(one, toEnd, back);
    // Requests may still be in flight to it, so its end is scheduled a little later.
    expect(actions.slice(-2)).toEqual([
      { do: "retire", colour: "green", seconds: 120 },
      { do: "scaling", serving: "blue", isOn: true },
    ]);
    expect(end.ended).toMatchObject({ outcome: "rolled-back" });
    expect(end.ended?.failure?.cause).toMatch(/crashes|went off/);
  },
);

test("it does not end before the old version answers again", () => {
  const one = plan();
  const { state } = walk(one, toStep("bake"));
  const back = look(one, state, { alarms: [errors] });
  let seeing = shiftMachine.next(one, back, { type: "acted", at: 50_000 });
  const seen = (at: number, version: string): ShiftState =>
    shiftMachine.next(one, seeing, {
      type: "looked",
      look: goodLook(at, { probes: [probe({ version })] }),
    });
  seeing = seen(51_000, "v7");
  expect(seeing.step).toBe("see-back");
  seeing = seen(52_000, "v8");
  expect(seeing.step).toBe("see-back");
  expect(seen(53_000, "v7").step).toBe("withdraw-probe");
  expect(seen(71_000, "v8").step).toBe("withdraw-probe");
});

test("failing probes after the shift move all traffic back", () => {
  const one = plan({ probeFailures: 2 });
  const { state } = walk(one, toStep("bake"));
  const bad = [probe({ good: false }), probe({ good: false })];
  expect(look(one, state, { probes: bad }).step).toBe("put-back");
});

test("an alarm that is on before the shift delays it instead of ending the release", () => {
  const one = plan();
  const { state } = walk(one, toStep("probe"));
  const probes = [probe({ by: "rule" }), probe({ by: "rule" })];
  const waiting = look(one, state, { probes, alarms: [errors] });
  expect(waiting).toMatchObject({ step: "probe", action: null });
  expect(waiting.detail).toContain("the alarm errors went off");
  expect(look(one, waiting, { probes, alarms: [] }).step).toBe("shift");
});

test("the start alarm delays nothing, and counts once it has been off", () => {
  const one = plan();
  const { state } = walk(one, toStep("probe"));
  const probes = [probe({ by: "rule" }), probe({ by: "rule" })];
  const shifting = look(one, state, { probes, alarms: [unhealthy] });
  expect(shifting.step).toBe("shift");
  let bake = shiftMachine.next(one, shifting, { type: "acted", at: shifting.entered });
  bake = look(one, bake, { alarms: [unhealthy] });
  expect(bake.step).toBe("bake");
  bake = look(one, bake, { alarms: [] });
  expect(look(one, bake, { alarms: [unhealthy] }).step).toBe("put-back");
});

test("a change that AWS refuses rolls back, even if it may have been made", () => {
  const one = plan();
  const { state } = walk(one, (each) => each.step === "shift");
  const failed = { type: "action-failed", at: 9000, reason: "ServiceUnavailable" } as const;
  const back = shiftMachine.next(one, state, failed);
  expect(back.action).toEqual({ do: "weigh", weights: { blue: 100, green: 0 } });
});

test("a failing rollback is tried again and again, and in the end reported as stuck", () => {
  const one = plan();
  let { state } = walk(one, toStep("bake"));
  state = look(one, state, { alarms: [errors] });
  for (let count = 0; count < 200 && state.ended === null; count += 1) {
    state =
      state.action === null
        ? look(one, state, {})
        : shiftMachine.next(one, state, { type: "action-failed", at: 9000, reason: "Throttling" });
  }
  const { cause } = errors;
  expect(state.ended).toMatchObject({ stuck: true, failure: { cause } });
  // The user must first fix what blocks the rollback.
  expect(state.ended?.failure?.detail.at(-1)).toBe("at the step put-back: Throttling");
});

test("after the timeout it rolls back, and the outcome says so", () => {
  const one = plan({ timeoutSeconds: 60 });
  const { state } = walk(one, toStep("wait"));
  const late = shiftMachine.next(one, state, {
    type: "looked",
    look: goodLook(61_001, { candidate: { verdict: "waiting", detail: "0 of 2" } }),
  });
  const { state: end } = walk(one, toEnd, late);
  expect(end.ended).toMatchObject({ outcome: "timed-out" });
});

test("an interruption rolls back, but does not stop a rollback or the tidying", () => {
  const one = plan();
  const bake = walk(one, toStep("bake")).state;
  const back = shiftMachine.next(one, bake, { type: "interrupted", at: 9000 });
  expect(back.step).toBe("put-back");
  expect(shiftMachine.next(one, back, { type: "interrupted", at: 9001 })).toBe(back);
  const tidying = walk(one, (state) => state.step === "retire-previous").state;
  expect(shiftMachine.next(one, tidying, { type: "interrupted", at: 99_000 })).toBe(tidying);
});

test("a rollback to a version that still runs moves the traffic and starts nothing", () => {
  const one = plan({ kind: "rollback", warm: true, stages: [{ weight: 100, bakeSeconds: 0 }] });
  const { actions } = walk(one, toEnd);
  expect(actions).toEqual([
    { do: "claim", colour: "green" },
    { do: "scaling", serving: "blue", isOn: false },
    { do: "scale", colour: "green", minimum: 2, desired: 2 },
    { do: "weigh", weights: { blue: 0, green: 100 } },
    { do: "close-probe" },
    { do: "scale", colour: "green", minimum: 2, desired: null },
    { do: "scaling", serving: "green", isOn: true },
    { do: "retire", colour: "blue", seconds: 600 },
  ]);
});

test("such a rollback stays on that version, even when it is unhealthy too", () => {
  const one = plan({ kind: "rollback", warm: true, stages: [{ weight: 100, bakeSeconds: 0 }] });
  const { state } = walk(one, toStep("bake"));
  const bad = Array.from({ length: 3 }, () => probe({ good: false }));
  const { actions, state: end } = walk(one, toEnd, look(one, state, { probes: bad }));
  expect(actions.some((action) => action.do === "weigh")).toBe(false);
  expect(end.ended).toMatchObject({ outcome: "failed", stuck: false });
});

test.each(["claim", "clear", "point", "start", "wait", "open-probe", "probe"])(
  "a run killed at the step %s is resumed by removing the new version",
  (step) => {
    const { actions } = walk(plan(), toEnd, shiftMachine.resume(plan(), step, 0));
    expect(actions).toEqual([
      { do: "close-probe" },
      { do: "scale", colour: "green", minimum: 0, desired: 0 },
      { do: "scaling", serving: "blue", isOn: true },
    ]);
  },
);

test.each(["shift", "bake", "put-back", "see-back"])(
  "a run killed at the step %s is resumed by moving all traffic back",
  (step) => {
    expect(shiftMachine.resume(plan(), step, 0).action).toEqual({
      do: "weigh",
      weights: { blue: 100, green: 0 },
    });
  },
);

test.each(["close-probe", "set-minimum", "resume-scaling", "retire-previous"])(
  "a run killed at the step %s had succeeded, and is finished",
  (step) => {
    const { state } = walk(plan(), toEnd, shiftMachine.resume(plan(), step, 0));
    expect(state.ended).toMatchObject({ outcome: "succeeded" });
  },
);
