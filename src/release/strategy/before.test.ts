import { expect, test } from "vitest";
import { goodLook, member, plan, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import type { BeforeReport } from "../../state/reports/before-report.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { planFirst } from "../plan/plan-release.ts";
import { next } from "../../../test/_helpers/release-world.ts";
import { beforeText } from "./before.ts";
import type { Look, Machine, Member, RolloutState } from "./machine.ts";
import { strategies } from "./strategies.ts";

const before = { timeoutSeconds: 60 };
const first: RolloutPlan = {
  ...planFirst(next({ colour: "blue", replaces: null }), 2, 600),
  before,
};

/** Each strategy's plan, and the step at which its instances wait with the image. */
const plans: readonly (readonly [name: string, plan: RolloutPlan, waits: string])[] = [
  ["blue-green", plan({ before }), "wait"],
  ["canary", plan({ strategy: "canary", before }), "wait"],
  ["rolling", rollingPlan({ before }), "choose"],
  ["recreate", plan({ strategy: "recreate", before }), "fetch"],
  ["first", first, "wait"],
];

const holding = (changes: Partial<Member> = {}): Member =>
  member({ deployment: 8, ready: false, serving: false, holds: true, ...changes });

const two = [holding(), holding({ id: "i-2" })];

const report = (changes: Partial<BeforeReport> = {}): BeforeReport => ({
  attempt: 1,
  state: "running",
  exit_code: null,
  seconds: null,
  ...changes,
});

const done = report({ state: "succeeded", exit_code: 0, seconds: 12 });

function machineOf({ strategy }: RolloutPlan): Machine {
  return strategies[strategy].machine;
}

function see(one: RolloutPlan, state: RolloutState, members: Look["members"], more = {}) {
  const waiting = { verdict: "waiting", detail: "0 of 2 targets healthy" } as const;
  const look = goodLook(state.entered + 1000, { candidate: waiting, members, ...more });
  return machineOf(one).next(one, state, { type: "looked", look });
}

/** Makes the changes until the machine waits. */
function settle(one: RolloutPlan, from: RolloutState): RolloutState {
  let state = from;
  while (state.action !== null) {
    state = machineOf(one).next(one, state, { type: "acted", at: state.entered + 100 });
  }
  return state;
}

function begun(one: RolloutPlan): RolloutState {
  return settle(one, machineOf(one).start(one, 0));
}

/** While the command runs on the first of two instances. */
function running(one: RolloutPlan): RolloutState {
  return settle(one, see(one, begun(one), two));
}

test.each(plans)("%s: the instances wait, and one of them runs the command", (_, one, waits) => {
  const state = begun(one);
  expect(state.step).toBe(waits);
  expect(see(one, state, [holding({ holds: false })]).action).toBeNull();
  const chosen = see(one, state, two);
  expect(chosen.action).toMatchObject({
    do: "point",
    colour: one.to.colour,
    deployment: 8,
    before: { instance: "i-1", attempt: 1, instances: 2 },
  });
  const line = "a line";
  const seen = see(one, running(one), [holding({ holds: false, before: report(), line })]);
  expect(seen).toMatchObject({
    step: "await-before",
    detail: expect.stringMatching(/i-1.*: a line$/),
  });
});

test.each(plans)("%s: the version starts once the command has succeeded", (_, one, waits) => {
  const over = see(one, running(one), [holding({ before: done }), holding({ id: "i-2" })]);
  expect(over.action).toMatchObject({ do: "point", deployment: 8 });
  expect(over.action).not.toHaveProperty("before");
  const after = settle(one, over);
  expect(after.step).toBe(waits);
  // The agents have not read the pointer yet.
  expect(see(one, after, two).step).not.toBe("run-before");
  expect(after.before).toMatchObject({ isOver: true, report: done });
});

test.each(plans)(
  "%s: a command that fails ends the release before the version starts",
  (_, one) => {
    const failed = report({ state: "failed", exit_code: 3, seconds: 2 });
    const why = { cause: "release.before exited with code 3", where: "i-1", detail: ["no table"] };
    const back = see(one, running(one), [holding({ holds: false, before: failed })], {
      candidate: { verdict: "failed", ...why },
    });
    expect(back.outcome).toBe(one.from === null ? "failed" : "rolled-back");
    expect(back).toMatchObject({ failure: why, before: { report: failed } });
    // After a rollback in place no instance waits.
    if (back.action?.do === "point") expect(back.action.before).toBeUndefined();
  },
);

test.each(plans)(
  "%s: another instance follows one that is gone, and not sooner",
  (_, one, waits) => {
    const ending = holding({ lifecycle: "Terminating", before: report() });
    const state = running(one);
    expect(see(one, state, [ending, holding({ id: "i-2" })]).step).toBe("await-before");
    const gone = see(one, state, [holding({ id: "i-2" })]);
    expect(gone.step).toBe(waits);
    expect(see(one, gone, [holding({ id: "i-2" })]).action).toMatchObject({
      before: { instance: "i-2", attempt: 2 },
    });
  },
);

test.each(plans)("%s: a report about another attempt counts for nothing", (_, one) => {
  const old = { ...done, attempt: 0 };
  expect(see(one, running(one), [holding({ before: old })]).step).toBe("await-before");
});

test.each(plans)("%s: a command of a stopped release is waited for", (_, one) => {
  const other = holding({ id: "i-9", deployment: 6, lifecycle: "Terminating", before: report() });
  const state = see(one, begun(one), [other, ...two]);
  expect(state.action).toBeNull();
  expect(state.detail).toBe("i-9 still runs the command of a release that was stopped");
});

test.each(plans)("%s: an agent that starts the version by itself ends the release", (_, one) => {
  const early = member({ deployment: 8, ready: true });
  const state = see(one, begun(one), [early, holding({ id: "i-2" })]);
  expect(state.failure?.cause).toBe("i-1 has started v8 without release.before");
});

test("without a command no instance waits", () => {
  const state = begun(plan());
  expect(state.step).toBe("wait");
  expect(see(plan(), state, two).action).toBeNull();
});

test.each([
  [report(), "running on i-1"],
  [done, "succeeded in 12 s on i-1"],
  [
    report({ state: "failed", exit_code: 3, seconds: 2 }),
    "failed with exit code 3 after 2.0 s on i-1",
  ],
  [report({ state: "failed" }), "failed on i-1"],
] as const)("%j in words", (one, words) => {
  expect(beforeText(one, "i-1")).toBe(words);
});
