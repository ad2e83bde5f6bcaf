import { expect, test } from "vitest";
import { next } from "../../../test/_helpers/release-world.ts";
import { goodLook, member, probe } from "../../../test/_helpers/rollout-plans.ts";
import { planFirst } from "../plan/plan-release.ts";
import { first, firstMachine } from "./first.ts";
import type { Action, Look, RolloutState } from "./machine.ts";

const plan = planFirst(next({ colour: "blue", replaces: null }), 2, 60);
const crash = { verdict: "failed", cause: "it crashes", where: "i-1", detail: ["no"] } as const;
const starting = { verdict: "waiting", detail: "0 of 2 targets healthy; i-1 booting" } as const;
const blind = { candidate: { verdict: "waiting", detail: "not seen" }, members: null } as const;

type State = ReturnType<typeof firstMachine.start>;

const acted = (state: State, at = state.entered): State =>
  firstMachine.next(plan, state, { type: "acted", at });
const failed = (state: State, at = state.entered): State =>
  firstMachine.next(plan, state, { type: "action-failed", at, reason: "ServiceUnavailable" });
const looked = (state: State, at: number, changes: Partial<Look> = {}): State =>
  firstMachine.next(plan, state, { type: "looked", look: goodLook(at, changes) });

/** Up to the step at which the instances start. */
const waiting = (): State => acted(acted(firstMachine.start(plan, 0)));
const atAddress = (): State => looked(waiting(), 10_000);

/** To the end, with changes that get through; and what they were. */
function toEnd(from: State): { readonly state: RolloutState; readonly actions: readonly Action[] } {
  const actions: Action[] = [];
  let state = from;
  while (state.ended === null) {
    if (state.action === null) throw new Error(`it waits at ${state.step}`);
    actions.push(state.action);
    state = acted(state);
  }
  return { state, actions };
}

test("it points, starts, waits for the instances and the address, and leaves the minimum", () => {
  let state = firstMachine.start(plan, 0);
  expect(state.action).toEqual({
    do: "point",
    colour: "blue",
    deployment: 8,
    update: "at-once",
  });
  state = acted(state);
  expect(state.action).toEqual({ do: "scale", colour: "blue", minimum: 2, desired: 2 });
  state = looked(acted(state), 1000, { candidate: starting });
  expect(state).toMatchObject({ step: "wait", detail: starting.detail });
  state = looked(looked(state, 2000), 3000, { probes: [probe({ version: "v8" })] });
  const { state: end, actions } = toEnd(state);
  expect(actions).toEqual([
    { do: "scale", colour: "blue", minimum: 2, desired: null },
    { do: "scaling", serving: "blue", isOn: true },
  ]);
  expect(end.ended).toEqual({ outcome: "succeeded", failure: null, stuck: false });
});

test("reads that fail, however often, neither end it nor stop its instances", () => {
  let state = waiting();
  for (let at = 1000; at < 50_000; at += 1000) state = looked(state, at, blind);
  expect(state).toMatchObject({ step: "wait", action: null, outcome: null });
  state = looked(state, 51_000);
  expect(state.step).toBe("address");
  const answered = { probes: [probe({ version: "v8" })] };
  // An answer proves nothing while the instances cannot be seen.
  for (let at = 52_000; at < 80_000; at += 1000)
    state = looked(state, at, { ...blind, ...answered });
  expect(state).toMatchObject({ step: "address", action: null, outcome: null });
  expect(looked(state, 81_000, answered).step).toBe("set-minimum");
});

test.each(["wait", "address"])(
  "a container that crashes at the step %s stops the instances",
  (at) => {
    const state = at === "wait" ? waiting() : atAddress();
    const { actions, state: end } = toEnd(looked(state, 11_000, { candidate: crash }));
    expect(actions).toEqual([{ do: "scale", colour: "blue", minimum: 0, desired: 0 }]);
    expect(end.ended).toMatchObject({ outcome: "failed", failure: { cause: "it crashes" } });
  },
);

test("instances that are not healthy in time: stopped, with what they were at", () => {
  let state = looked(waiting(), 60_000, { candidate: starting });
  expect(state.step).toBe("wait");
  state = looked(state, 60_001, { candidate: starting });
  expect(toEnd(state).state.ended).toMatchObject({
    outcome: "timed-out",
    failure: {
      cause: "it was not healthy within 60 s",
      where: "instances",
      detail: [starting.detail],
    },
  });
});

test("instances that are healthy count, also when that is seen after the time", () => {
  expect(looked(waiting(), 90_000).step).toBe("address");
});

test("an address that another version answers is not there yet, and after three minutes it is late", () => {
  const old = { probes: [probe({ version: "v7", detail: "GET /version answered 200" })] };
  let state = looked(atAddress(), 11_000, old);
  expect(state).toMatchObject({
    step: "address",
    detail: "GET /version answered 200 by version v7",
  });
  state = looked(state, 190_001, old);
  expect(state).toMatchObject({
    step: "keep",
    outcome: "timed-out",
    failure: { where: "address", detail: ["GET /version answered 200 by version v7"] },
  });
  const { actions, state: end } = toEnd(state);
  expect(actions).toEqual([
    { do: "scale", colour: "blue", minimum: 2, desired: null },
    { do: "scaling", serving: "blue", isOn: true },
  ]);
  expect(end.ended).toMatchObject({ outcome: "timed-out", stuck: false });
});

test("an app that does not tell its version has answered when any answer is good", () => {
  const answer = (good: boolean) => ({ probes: [probe({ version: null, good })] });
  expect(looked(atAddress(), 11_000, answer(false)).step).toBe("address");
  expect(looked(atAddress(), 11_000, answer(true)).step).toBe("set-minimum");
  expect(looked(atAddress(), 11_000, { probes: [] })).toMatchObject({ detail: "no answer yet" });
});

test.each([
  ["while it waits", waiting],
  ["at a change", () => acted(firstMachine.start(plan, 0))],
])("Ctrl-C %s stops the instances", (_, begin) => {
  const state = firstMachine.next(plan, begin(), { type: "interrupted", at: 5000 });
  const { actions, state: end } = toEnd(state);
  expect(actions).toEqual([{ do: "scale", colour: "blue", minimum: 0, desired: 0 }]);
  expect(end.ended).toEqual({ outcome: "cancelled", failure: null, stuck: false });
});

test("once it answers, Ctrl-C changes nothing any more", () => {
  const state = looked(atAddress(), 11_000, { probes: [probe({ version: "v8" })] });
  expect(firstMachine.next(plan, state, { type: "interrupted", at: 12_000 })).toBe(state);
});

test("a change that AWS refuses stops the instances; a stop that AWS refuses is tried again", () => {
  let state = failed(acted(firstMachine.start(plan, 0)));
  expect(state).toMatchObject({ step: "discard", outcome: "failed" });
  state = looked(failed(state), 2000);
  expect(state.action).toEqual({ do: "scale", colour: "blue", minimum: 0, desired: 0 });
  for (let count = 0; count < 60 && state.ended === null; count += 1) {
    state = state.action === null ? looked(state, 3000) : failed(state);
  }
  const { ended } = state;
  expect(ended).toMatchObject({ outcome: "failed", stuck: true });
  if (ended === null) return;
  expect(first.error(plan, ended).message).toContain("could not be stopped");
});

test.each([
  ["point", "cancelled"],
  ["wait", "cancelled"],
  ["address", "cancelled"],
  ["discard", "cancelled"],
  ["set-minimum", "succeeded"],
  ["keep", "timed-out"],
])("a run killed at the step %s is continued to its end: %s", (step, outcome) => {
  const { state } = toEnd(firstMachine.resume(plan, step, 0));
  expect(state.ended).toMatchObject({ outcome });
});

test("it probes the address alone, and knows no alarms", () => {
  const look = goodLook(11_000, { alarms: [{ ...crash, alarm: "errors" }], members: [member()] });
  const state = firstMachine.next(plan, waiting(), { type: "looked", look });
  expect(state.step).toBe("address");
  expect(first.facts(plan, state).probes).toEqual({ rule: false, address: true });
  expect(first.facts(plan, waiting()).probes).toEqual({ rule: false, address: false });
});
