import { expect, test } from "vitest";
import { goodLook, plan } from "../../../test/_helpers/rollout-plans.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { first } from "./first.ts";
import type { Action, Event, RolloutState } from "./machine.ts";

const { machine } = first;

const one: RolloutPlan = {
  ...plan(),
  strategy: "first",
  release: 1,
  from: null,
  to: { colour: "blue", version: "v8", deployment: 1 },
  stages: [],
};

const stop: Action = { do: "scale", colour: "blue", minimum: 0, desired: 0 };

/** Plays a release to its end. `refuses`: whether AWS refuses a change; `meet`: what happens instead of a good look. */
function play(
  begun: RolloutState,
  refuses: (action: Action, step: string) => boolean = () => false,
  meet: (step: string, at: number) => Event | undefined = () => undefined,
) {
  const made: Action[] = [];
  let state = begun;
  for (let at = 1000; state.ended === null && at < 1_000_000; at += 1000) {
    const { action, step } = state;
    let event = meet(step, at);
    if (event === undefined && action === null) {
      event = { type: "looked", look: goodLook(at) };
    } else if (event === undefined && action !== null) {
      const isRefused = refuses(action, step);
      if (!isRefused) made.push(action);
      event = isRefused
        ? { type: "action-failed", at, reason: "Throttling" }
        : { type: "acted", at };
    }
    if (event !== undefined) state = machine.next(one, state, event);
  }
  return { made, ending: state.ended };
}

const start = (): RolloutState => machine.start(one, 0);

test.each(["point", "start"])(
  "if AWS refuses the change of the step %s, nothing is left running, and the change is named",
  (refused) => {
    const { made, ending } = play(start(), (_, step) => step === refused);
    expect(made.at(-1)).toEqual(stop);
    expect(ending).toMatchObject({
      outcome: "failed",
      stuck: false,
      failure: { where: `step ${refused}`, cause: expect.stringContaining("Throttling") },
    });
  },
);

test("a version that answers is not stopped because AWS refuses its minimum", () => {
  const { made, ending } = play(start(), (_, step) => step === "set-minimum");
  expect(ending).toEqual({
    outcome: "succeeded",
    failure: null,
    stuck: false,
    untidy: [{ step: "set-minimum", reason: "Throttling" }],
  });
  expect(made).not.toContainEqual(stop);
});

test("AWS's refusal to stop the instances is tried again until it is accepted", () => {
  let refusals = 0;
  const { made, ending } = play(start(), (_, step) => {
    if (step === "start") return true;
    refusals += step === "discard" ? 1 : 0;
    return step === "discard" && refusals <= 20;
  });
  expect(made.at(-1)).toEqual(stop);
  expect(ending).toMatchObject({ outcome: "failed", stuck: false });
});

test("Ctrl-C after the address answered comes too late to stop a version that serves", () => {
  let presses = 0;
  const press = (step: string, at: number): Event | undefined => {
    presses += step === "set-minimum" ? 1 : 0;
    return presses === 1 ? { type: "interrupted", at } : undefined;
  };
  const { made, ending } = play(start(), () => false, press);
  expect(presses).toBeGreaterThan(0);
  expect(ending).toMatchObject({ outcome: "succeeded" });
  expect(made).not.toContainEqual(stop);
});

test.each(["point", "start", "wait", "address", "discard", "a step of another version"])(
  "one that was killed at the step %s is stopped, and starts nothing more",
  (step) => {
    expect(play(machine.resume(one, step, 0))).toMatchObject({
      made: [stop],
      ending: { outcome: "cancelled", stuck: false },
    });
  },
);

test("one that was killed while its minimum was set serves, and only gets the minimum and its policies", () => {
  expect(play(machine.resume(one, "set-minimum", 0))).toEqual({
    made: [
      { do: "scale", colour: "blue", minimum: 2, desired: null },
      { do: "scaling", serving: "blue", isOn: true },
    ],
    ending: { outcome: "succeeded", failure: null, stuck: false },
  });
});

test("an answer from instances that are not healthy does not count", () => {
  const waiting = { verdict: "waiting", detail: "0 of 2 targets healthy" } as const;
  const { ending } = play(
    start(),
    () => false,
    (step, at) =>
      step === "address"
        ? { type: "looked", look: goodLook(at, { candidate: waiting }) }
        : undefined,
  );
  expect(ending).toMatchObject({ outcome: "timed-out", failure: { where: "address" } });
});
