import { expect, test } from "vitest";
import { goodLook, plan } from "../../../../test/_helpers/rollout-plans.ts";
import type { Action } from "../machine.ts";
import { shiftMachine } from "./shift.ts";

const warm = plan({
  kind: "rollback",
  warm: true,
  stages: [{ weight: 100, bakeSeconds: 0 }],
});

/** What a run that was killed at a step is continued with, and how that ends. */
function resumed(one: typeof warm, step: string) {
  const actions: Action[] = [];
  let state = shiftMachine.resume(one, step, 0);
  for (let at = 1000; state.ended === null && at < 1_000_000; at += 1000) {
    if (state.action !== null) actions.push(state.action);
    state =
      state.action === null
        ? shiftMachine.next(one, state, { type: "looked", look: goodLook(at) })
        : shiftMachine.next(one, state, { type: "acted", at });
  }
  return { actions, ending: state.ended };
}

test.each(["shift", "bake", "claim-again"])(
  "a warm rollback that was killed at the step %s continues, and first keeps its version",
  (step) => {
    const { actions, ending } = resumed(warm, step);
    expect(actions.slice(0, 2)).toEqual([
      { do: "claim", colour: "green" },
      { do: "weigh", weights: { blue: 0, green: 100 } },
    ]);
    expect(ending).toMatchObject({ outcome: "succeeded", stuck: false });
  },
);

test.each(["claim-warm", "hold"])(
  "one that was killed at the step %s had moved nothing, and leaves everything as it was",
  (step) => {
    const { actions, ending } = resumed(warm, step);
    expect(actions).toEqual([
      { do: "close-probe" },
      { do: "retire", colour: "green", seconds: 600 },
      { do: "scaling", serving: "blue", isOn: true },
    ]);
    expect(ending).toMatchObject({ outcome: "cancelled" });
  },
);

test.each(["put-back", "see-back"])(
  "one that AWS had refused and that was killed at the step %s continues back",
  (step) => {
    const { actions, ending } = resumed(warm, step);
    expect(actions[0]).toEqual({ do: "weigh", weights: { blue: 100, green: 0 } });
    expect(ending).toMatchObject({ outcome: "cancelled" });
  },
);

test("a step that this version does not know is taken for one that moved nothing", () => {
  expect(resumed(plan(), "polish").actions).toEqual([
    { do: "close-probe" },
    { do: "scale", colour: "green", minimum: 0, desired: 0 },
    { do: "scaling", serving: "blue", isOn: true },
  ]);
});
