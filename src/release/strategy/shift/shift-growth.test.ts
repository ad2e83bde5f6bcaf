import { expect, test } from "vitest";
import { goodLook, member, plan, probe } from "../../../../test/_helpers/rollout-plans.ts";
import type { Action, Look } from "../machine.ts";
import { shiftMachine } from "./shift.ts";
import type { ShiftState } from "./judgements.ts";

const one = plan({
  strategy: "canary",
  instances: 1,
  stages: [
    { weight: 10, bakeSeconds: 5 },
    { weight: 100, bakeSeconds: 5 },
  ],
});

/** A look at which blue has `blue` instances, and green `green` of them that serve. */
function sizes(blue: number, green: number, desired = green, max = 8): Partial<Look> {
  return {
    capacity: { blue: { desired: blue, max: 8 }, green: { desired, max } },
    members: Array.from({ length: green }, (_, index) =>
      member({ id: `i-${index}`, deployment: 8 }),
    ),
  };
}

const look = (state: ShiftState, seconds: number, changes: Partial<Look>): ShiftState =>
  shiftMachine.next(one, state, {
    type: "looked",
    look: goodLook(state.entered + seconds * 1000, changes),
  });

const act = (state: ShiftState): ShiftState =>
  shiftMachine.next(one, state, { type: "acted", at: state.entered });

/** On with changes that get through and good looks, up to the given step. */
function upTo(step: string, changes: Partial<Look>, from = shiftMachine.start(one, 0)): ShiftState {
  let state = from;
  for (let count = 0; state.step !== step && count < 100; count += 1) {
    state = state.action === null ? look(state, 6, changes) : act(state);
  }
  return state;
}

test("an old version that has grown in the canary's watch: the new one gets as many before the rest of the traffic", () => {
  const small = upTo("bake", sizes(1, 1));
  expect(small).toMatchObject({ stage: 0 });
  const grown = look(small, 6, sizes(4, 1));
  expect(grown).toMatchObject({ step: "grow", stage: 1 });
  const more: Action = { do: "scale", colour: "green", minimum: 4, desired: 4 };
  expect(grown.action).toEqual(more);
  const waiting = look(act(grown), 1, sizes(4, 3, 4));
  expect(waiting).toMatchObject({ step: "fill", action: null, detail: "3 of 4 targets healthy" });
  const again = look(waiting, 2, sizes(6, 4));
  expect(again.action).toMatchObject({ do: "scale", desired: 6 });
  const full = look(waiting, 2, sizes(4, 4));
  expect(full.action).toEqual({ do: "weigh", weights: { blue: 0, green: 100 } });
});

test("a share needs only its part of them, and no group gets more than its maximum", () => {
  expect(upTo("bake", sizes(4, 1)).stage).toBe(0);
  const capped = look(upTo("bake", sizes(1, 1)), 6, sizes(8, 1, 1, 3));
  expect(capped.action).toMatchObject({ do: "scale", desired: 3 });
  const none = look(upTo("bake", sizes(1, 1)), 6, sizes(8, 3, 3, 3));
  expect(none.action).toMatchObject({ do: "weigh" });
});

test("the first share waits as well, and a release that fails there goes back like any other", () => {
  const bluegreen = plan({ instances: 1 });
  let state = shiftMachine.start(bluegreen, 0);
  const step = (event: Parameters<typeof shiftMachine.next>[2]): void => {
    state = shiftMachine.next(bluegreen, state, event);
  };
  for (let count = 0; state.step !== "grow" && count < 50; count += 1) {
    const at = state.entered + 1000;
    step(
      state.action === null
        ? { type: "looked", look: goodLook(at, sizes(3, 1)) }
        : { type: "acted", at },
    );
  }
  expect(state).toMatchObject({ step: "grow", wanted: 3, shifted: false });
  step({ type: "acted", at: 100_000 });
  const crash = { verdict: "failed", cause: "it crashes", where: "i-1", detail: [] } as const;
  step({ type: "looked", look: goodLook(101_000, { ...sizes(3, 1, 3), candidate: crash }) });
  expect(state).toMatchObject({ step: "withdraw-probe", outcome: "rolled-back" });
});

test("while it waits with a share, its alarms and probes end it, and without a sight of the groups no share follows", () => {
  const blind = look(upTo("bake", sizes(1, 1)), 6, { capacity: null });
  expect(blind).toMatchObject({ step: "bake", detail: "the groups cannot be read now" });
  const filling = act(look(upTo("bake", sizes(1, 1)), 6, sizes(4, 1)));
  const alarm = { alarm: "app-production-green-errors", cause: "on", where: "", detail: [] };
  expect(look(filling, 1, { ...sizes(4, 1, 4), alarms: [alarm] }).step).toBe("put-back");
  const bad = probe({ by: "rule", good: false });
  const probed = look(filling, 1, { ...sizes(4, 1, 4), probes: [bad, bad, bad] });
  expect(probed.step).toBe("put-back");
});

test("one that was killed while it waited gives the old version everything back", () => {
  for (const step of ["grow", "fill"]) {
    expect(shiftMachine.resume(one, step, 0)).toMatchObject({
      step: "put-back",
      outcome: "cancelled",
    });
  }
});
