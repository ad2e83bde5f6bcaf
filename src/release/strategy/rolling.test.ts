import { expect, test } from "vitest";
import { goodLook, member, probe, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import type { Look, Member } from "./machine.ts";
import type { RollingState } from "./rolling-judgements.ts";
import { rollingMachine } from "./rolling.ts";

const one = rollingPlan({ instances: 3, minimum: 3, batch: 1 });
const failure = { cause: "the container crashes", where: "instance i-1", detail: [] };

function acted(state: RollingState): RollingState {
  return rollingMachine.next(one, state, { type: "acted", at: state.entered });
}

function looked(
  state: RollingState,
  members: readonly Member[],
  changes: Partial<Look> = {},
): RollingState {
  const look = goodLook(state.entered + 1000, {
    members,
    probes: [probe({ version: "v7" })],
    ...changes,
  });
  return rollingMachine.next(one, state, { type: "looked", look });
}

/** The state at the first choice of a batch. */
function choosing(): RollingState {
  let state = rollingMachine.start(one, 0);
  while (state.action !== null) {
    state = acted(state);
  }
  return state;
}

const old = [member({ id: "i-1" }), member({ id: "i-2" }), member({ id: "i-3" })];

test("it points the serving colour so that only instances in Standby take the release, and lowers the minimum by one", () => {
  let state = rollingMachine.start(one, 0);
  expect(state.action).toEqual({ do: "claim", colour: "blue" });
  state = acted(state);
  expect(state.action).toEqual({
    do: "point",
    colour: "blue",
    deployment: 8,
    update: "in-standby",
  });
  state = acted(state);
  expect(state.action).toEqual({ do: "scale", colour: "blue", minimum: 2, desired: null });
});

test("a batch comes back when its containers run the new release, and the next one leaves when it serves again", () => {
  let state = looked(choosing(), old);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-1"] });
  state = acted(state);
  const out = member({ id: "i-1", lifecycle: "Standby", serving: false });
  state = looked(state, [out, ...old.slice(1)]);
  expect(state).toMatchObject({ step: "update", action: null });
  const updated = { ...out, deployment: 8 };
  state = looked(state, [updated, ...old.slice(1)]);
  expect(state.action).toEqual({ do: "exit-standby", colour: "blue", instances: ["i-1"] });
  state = acted(state);
  state = looked(state, [{ ...updated, lifecycle: "InService" }, ...old.slice(1)]);
  expect(state).toMatchObject({ step: "rejoin", action: null });
  const back = { ...updated, lifecycle: "InService", serving: true };
  state = looked(looked(state, [back, ...old.slice(1)]), [back, ...old.slice(1)]);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-2"] });
});

test("a release that does not run is rolled back on the instance that tried it, and on no other", () => {
  let state = acted(looked(choosing(), old));
  const out = member({
    id: "i-1",
    lifecycle: "Standby",
    serving: false,
    deployment: 8,
    ready: false,
  });
  state = looked(state, [out, ...old.slice(1)], {
    candidate: { verdict: "failed", ...failure },
  });
  expect(state.action).toMatchObject({ do: "point", deployment: 7, update: "in-standby" });
  state = acted(acted(state));
  state = looked(state, [out, ...old.slice(1)]);
  const well = { ...out, deployment: 7, ready: true };
  state = looked(state, [well, ...old.slice(1)]);
  expect(state.action).toEqual({ do: "exit-standby", colour: "blue", instances: ["i-1"] });
  state = looked(acted(state), old);
  state = looked(state, old);
  expect(state.action).toMatchObject({ do: "point", deployment: 7, update: "at-once" });
  state = acted(acted(state));
  expect(state.ended).toMatchObject({ outcome: "rolled-back", failure });
});

test("during a rollback, all bad instances leave at once while an old one can serve", () => {
  const fresh = (id: string): Member => member({ id, deployment: 8 });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = acted(acted(state));
  state = looked(state, [fresh("i-1"), fresh("i-2"), member({ id: "i-3" })]);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-1", "i-2"] });
});

test("without an old instance, one bad instance keeps serving while the others go back", () => {
  const fresh = (id: string): Member => member({ id, deployment: 8 });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = acted(acted(state));
  state = looked(state, [fresh("i-1"), fresh("i-2"), fresh("i-3")]);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-1", "i-2"] });
});
