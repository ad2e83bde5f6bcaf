import { expect, test } from "vitest";
import {
  goodLook,
  member,
  plan,
  probe,
  rollingPlan,
} from "../../../test/_helpers/rollout-plans.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { Look, Machine, RolloutState } from "./machine.ts";
import { rollingMachine } from "./rolling.ts";
import { shiftMachine } from "./shift/shift.ts";

const unread = { alarm: "", cause: "the alarms cannot be read", where: "CloudWatch", detail: [] };
const start = { ...unread, alarm: "app-production-green-unhealthy", cause: "it went off" };
const members = [member({ deployment: 8 }), member({ id: "i-2", deployment: 8 })];

/** A rollout that is being watched, and what follows looks of one second each, one for every list of alarms. */
function watched<State extends RolloutState>(machine: Machine<State>, one: RolloutPlan) {
  let state: RolloutState = machine.start(one, 0);
  let at = 0;
  const look = (changes: Partial<Look> = {}): RolloutState => {
    at += 1000;
    const event =
      state.action === null
        ? ({ type: "looked", look: goodLook(at, { members, ...changes }) } as const)
        : ({ type: "acted", at } as const);
    state = machine.next(one, state as State, event);
    return state;
  };
  while (look().step !== "bake" || state.action !== null);
  return (...alarms: readonly Look["alarms"][]): RolloutState => {
    for (const each of alarms) look({ alarms: each });
    return state;
  };
}

const strategies = [
  ["blue-green", () => watched(shiftMachine, plan())],
  ["rolling", () => watched(rollingMachine, rollingPlan())],
] as const;

test.each(strategies)(
  "%s: alarms that cannot be read three times in a row end nothing",
  (_, go) => {
    const look = go();
    expect(look([unread], [unread], [unread])).toMatchObject({ step: "bake", outcome: null });
    // Seen again, they may fail again.
    expect(look([], [unread], [unread], [unread])).toMatchObject({ step: "bake", outcome: null });
  },
);

test.each(strategies)("%s: the fourth time in a row ends it, with what AWS said", (_, go) => {
  const state = go()([unread], [unread], [unread], [unread]);
  expect(state).toMatchObject({ outcome: "rolled-back", failure: { cause: unread.cause } });
});

test.each(strategies)("%s: a watch does not end on alarms that were not seen", (_, go) => {
  const late = go();
  // Its ten seconds are over while the alarms cannot be read.
  late(...Array.from({ length: 8 }, () => []));
  expect(late([unread], [unread], [unread])).toMatchObject({ step: "bake", outcome: null });
  expect(late([])).toMatchObject({ outcome: "succeeded" });
});

test("an alarm that the start set off stays forgiven when the alarms cannot be read in between", () => {
  const one = plan();
  let state = shiftMachine.start(one, 0);
  const next = (at: number, alarms: Look["alarms"]) => {
    const event =
      state.action === null
        ? ({ type: "looked", look: goodLook(at, { alarms }) } as const)
        : ({ type: "acted", at } as const);
    state = shiftMachine.next(one, state, event);
    return state;
  };
  let at = 0;
  while (next((at += 1000), [start]).step !== "bake");
  next((at += 1000), [unread]);
  expect(next((at += 1000), [start])).toMatchObject({ step: "bake", outcome: null });
  // Once it was seen to be quiet, it counts.
  next((at += 1000), []);
  expect(next((at += 1000), [start])).toMatchObject({ outcome: "rolled-back" });
});

test("a rollback to a version that still runs does not wait for CloudWatch", () => {
  const stages = [{ weight: 100, bakeSeconds: 0 }];
  const look = watched(shiftMachine, plan({ kind: "rollback", warm: true, stages }));
  expect(look([unread])).toMatchObject({ outcome: "succeeded" });
});

test("rolling takes no further batch out while the alarms cannot be read", () => {
  const one = rollingPlan();
  let state = rollingMachine.start(one, 0);
  while (state.action !== null) state = rollingMachine.next(one, state, { type: "acted", at: 0 });
  const old = [member(), member({ id: "i-2" })];
  const probes = [probe({ version: "v7" })];
  const look = (alarms: Look["alarms"]) =>
    ({ type: "looked", look: goodLook(1000, { members: old, probes, alarms }) }) as const;
  state = rollingMachine.next(one, state, look([unread]));
  expect(state).toMatchObject({ step: "choose", detail: unread.cause });
  expect(rollingMachine.next(one, state, look([])).step).toBe("take-out");
});
