import { expect, test } from "vitest";
import { goodLook, member, probe, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import type { Look, Member } from "./machine.ts";
import type { RollingState } from "./rolling-judgements.ts";
import { rollingMachine } from "./rolling.ts";

const one = rollingPlan({ instances: 3, minimum: 3, batch: 1 });
const failure = { cause: "the container crashes", where: "instance i-1", detail: [] };

/** After this many changes that AWS made. */
function acted(state: RollingState, count = 1): RollingState {
  const next = rollingMachine.next(one, state, { type: "acted", at: state.entered });
  return count === 1 ? next : acted(next, count - 1);
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
  expect(state.action).toMatchObject({ do: "point", deployment: 8, update: "in-standby" });
  state = acted(state);
  expect(state.action).toEqual({ do: "scaling", serving: "blue", isOn: false });
  state = acted(state);
  expect(state.action).toEqual({ do: "scale", colour: "blue", minimum: 2, desired: null });
  state = acted(state);
  expect(state.action).toEqual({ do: "balance", colour: "blue", isOn: false });
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

test("while the instances cannot be read, no batch counts as updated or as back", () => {
  const blind = { members: null, candidate: { verdict: "waiting", detail: "not seen" } } as const;
  const choose = choosing();
  expect(looked(choose, [], blind)).toMatchObject({ step: "choose", detail: "not seen" });
  const update = acted(looked(choose, old));
  expect(looked(update, [], blind)).toMatchObject({ step: "update", batch: ["i-1"] });
  const updated = member({ id: "i-1", lifecycle: "Standby", serving: false, deployment: 8 });
  const rejoin = acted(looked(update, [updated, ...old.slice(1)]));
  expect(looked(rejoin, [], blind)).toMatchObject({ step: "rejoin", batch: ["i-1"] });
});

test("the last instance that serves is never taken out, however the others were lost", () => {
  const lost = member({ id: "i-1", deployment: 8, ready: false, serving: false });
  const others = [{ ...lost, id: "i-2" }, member({ id: "i-3" })];
  const waiting = looked(choosing(), [lost, ...others]);
  expect(waiting).toMatchObject({ step: "choose", action: null });
  const back = looked(waiting, [{ ...lost, ready: true, serving: true }, ...others]);
  expect(back.action).toMatchObject({ do: "enter-standby", instances: ["i-3"] });
});

test("an instance that does not serve goes first, and without any that serves the release still continues", () => {
  const idle = (id: string): Member => member({ id, ready: false, serving: false });
  const some = looked(choosing(), [member({ id: "i-1" }), idle("i-2"), member({ id: "i-3" })]);
  expect(some.action).toMatchObject({ instances: ["i-2"] });
  const none = looked(choosing(), [idle("i-1"), idle("i-2")]);
  expect(none.action).toMatchObject({ instances: ["i-1"] });
});

test("a release that does not run is rolled back on the instance that tried it, and on no other", () => {
  let state = acted(looked(choosing(), old));
  const idle = { serving: false, ready: false };
  const out = member({ id: "i-1", lifecycle: "Standby", deployment: 8, ...idle });
  state = looked(state, [out, ...old.slice(1)], {
    candidate: { verdict: "failed", ...failure },
  });
  expect(state.action).toMatchObject({ do: "point", deployment: 7, update: "in-standby" });
  state = acted(state, 4);
  state = looked(state, [out, ...old.slice(1)]);
  const well = { ...out, deployment: 7, ready: true };
  state = looked(state, [well, ...old.slice(1)]);
  expect(state.action).toEqual({ do: "exit-standby", colour: "blue", instances: ["i-1"] });
  state = looked(acted(state), old);
  state = looked(state, old);
  expect(state.action).toMatchObject({ do: "point", deployment: 7, update: "at-once" });
  state = acted(state, 4);
  expect(state.ended).toMatchObject({ outcome: "rolled-back", failure });
});

test("during a rollback, all bad instances leave at once while an old one can serve", () => {
  const fresh = (id: string): Member => member({ id, deployment: 8 });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = acted(state, 4);
  state = looked(state, [fresh("i-1"), fresh("i-2"), member({ id: "i-3" })]);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-1", "i-2"] });
});

test("without an old instance, one bad instance keeps serving while the others go back", () => {
  const fresh = (id: string): Member => member({ id, deployment: 8 });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = acted(state, 4);
  state = looked(state, [fresh("i-1"), fresh("i-2"), fresh("i-3")]);
  expect(state.action).toEqual({ do: "enter-standby", colour: "blue", instances: ["i-1", "i-2"] });
});

test("during a rollback the new version serves until an old one can", () => {
  const fresh = member({ id: "i-1", deployment: 8 });
  const starting = member({ id: "i-2", ready: false, serving: false });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = looked(acted(state, 4), [fresh, starting, { ...starting, id: "i-3" }]);
  expect(state).toMatchObject({ step: "choose", action: null });
  state = looked(state, [fresh, member({ id: "i-2" }), { ...starting, id: "i-3" }]);
  expect(state.action).toMatchObject({ instances: ["i-1"] });
});

test("one that died in Standby is asked for again, once, so that the last one can leave", () => {
  const last = member({ id: "i-1", deployment: 8 });
  let state = looked(choosing(), old, { alarms: [{ ...failure, alarm: "errors" }] });
  state = looked(acted(state, 4), [last]);
  expect(state.action).toEqual({ do: "scale", colour: "blue", minimum: 0, desired: 3 });
  state = looked(acted(state), [last]);
  expect(state).toMatchObject({ step: "choose", action: null });
  state = looked(state, [last, member({ id: "i-9" })]);
  expect(state.action).toMatchObject({ do: "enter-standby", instances: ["i-1"] });
  // The next loss may be asked for again.
  expect(state.refilled).toBe(false);
});

test.each(["point-back", "set-minimum-back"])(
  "a way back that was killed at the step %s ends with the old release, and never points at the new one",
  (step) => {
    let state = rollingMachine.resume(one, step, 0);
    const pointed: number[] = [];
    for (let count = 0; state.ended === null && count < 50; count += 1) {
      if (state.action?.do === "point") pointed.push(state.action.deployment);
      state = state.action === null ? looked(state, old) : acted(state);
    }
    expect(state.ended).toMatchObject({ outcome: "cancelled", stuck: false });
    expect(pointed).toEqual([7, 7]);
  },
);

test.each(["finish", "set-minimum"])(
  "a release that was killed at the step %s had succeeded, and is finished",
  (step) => {
    let state = rollingMachine.resume(one, step, 0);
    expect(state.action).toMatchObject({ do: "point", deployment: 8, update: "at-once" });
    while (state.ended === null) state = acted(state);
    expect(state.ended).toMatchObject({ outcome: "succeeded" });
  },
);

test.each([
  [
    "finish",
    expect.objectContaining({
      outcome: "succeeded",
      stuck: false,
      untidy: [
        { step: "finish", reason: "Throttling" },
        { step: "set-minimum", reason: "Throttling" },
        { step: "resume-balance", reason: "Throttling" },
        { step: "resume-scaling", reason: "Throttling" },
      ],
    }),
  ],
  ["point-back", expect.objectContaining({ outcome: "cancelled", stuck: true })],
])("a change at the step %s that never gets through", (step, ending) => {
  let state = rollingMachine.resume(one, step, 0);
  for (let count = 0; state.ended === null && count < 400; count += 1) {
    state =
      state.action === null
        ? looked(state, old)
        : rollingMachine.next(one, state, {
            type: "action-failed",
            at: state.entered,
            reason: "Throttling",
          });
  }
  expect(state.ended).toEqual(ending);
});

test.each(["balance", "scaling"])(
  "a way back is not stuck because AWS refuses to pause or resume the %s",
  (what) => {
    let state = looked(acted(looked(choosing(), old)), old, {
      candidate: { verdict: "failed", ...failure },
    });
    for (let count = 0; state.ended === null && count < 300; count += 1) {
      const isRefused = state.action?.do === what;
      state =
        state.action === null
          ? looked(state, old)
          : rollingMachine.next(
              one,
              state,
              isRefused
                ? { type: "action-failed", at: state.entered, reason: "AccessDenied" }
                : { type: "acted", at: state.entered },
            );
    }
    expect(state.ended).toMatchObject({
      outcome: "rolled-back",
      stuck: false,
      untidy: [{ step: `pause-${what}` }, { step: `resume-${what}-back` }],
    });
  },
);

test("a release that could not be noted goes back without telling an instance to wait", () => {
  const failed = {
    type: "action-failed",
    at: 0,
    reason: "the journal could not be written",
  } as const;
  const back = rollingMachine.next(one, rollingMachine.start(one, 0), failed);
  expect(back.action).toMatchObject({ do: "point", update: "at-once" });
});
