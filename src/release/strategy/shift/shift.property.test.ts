import fc from "fast-check";
import { expect, test } from "vitest";
import { goodLook, member, plan, probe } from "../../../../test/_helpers/rollout-plans.ts";
import type { RolloutPlan } from "../../../state/rollout-plan.ts";
import type { Action, Event, Look } from "../machine.ts";
import { shiftMachine } from "./shift.ts";
import type { ShiftState } from "./judgements.ts";

/** The effect of the actions on AWS, as far as a shift can do harm. */
interface World {
  weights: Record<"blue" | "green", number>;
  desired: Record<"blue" | "green", number>;
  /** Whether green had fewer instances than its share of blue's when it got it. */
  isShort: boolean;
  retiring: Set<"blue" | "green">;
  hasRule: boolean;
  /** The colours whose policies may change their size. */
  scaling: Record<"blue" | "green", boolean>;
}

test("whatever happens: it ends, a colour always has the traffic, and that colour never loses its instances", () => {
  fc.assert(
    fc.property(plans, fc.array(moves, { maxLength: 120 }), (one, script) => {
      const world = newWorld(one);
      let state = shiftMachine.start(one, 0);
      let at = 0;
      const step = (move: Move): void => {
        at += move.milliseconds;
        state = shiftMachine.next(one, state, happen(world, state, move, at));
        check(world, one);
      };
      for (const move of script) step(move);
      // From here on nothing fails.
      for (let count = 0; state.ended === null && count < 3000; count += 1) {
        step({ kind: "good", milliseconds: 1000, applied: true });
      }
      expect(state.ended).not.toBeNull();
      checkEnd(world, one, state);
    }),
    { numRuns: 2000 },
  );
});

test("killed at any step and resumed: it ends with all traffic on one colour", () => {
  fc.assert(
    fc.property(plans, fc.nat(60), fc.boolean(), (one, kills, applied) => {
      const world = newWorld(one);
      let state = shiftMachine.start(one, 0);
      let at = 0;
      for (let count = 0; state.ended === null && count < kills; count += 1) {
        at += 1000;
        const move = { kind: "good", milliseconds: 1000, applied: true } as const;
        state = shiftMachine.next(one, state, happen(world, state, move, at));
      }
      fc.pre(state.ended === null);
      // The step that had begun when the process died may or may not be done.
      if (state.action !== null && applied) {
        apply(world, state.action);
      }
      state = shiftMachine.resume(one, state.step, at);
      for (let count = 0; state.ended === null && count < 3000; count += 1) {
        at += 1000;
        const move = { kind: "good", milliseconds: 1000, applied: true } as const;
        state = shiftMachine.next(one, state, happen(world, state, move, at));
        check(world, one);
      }
      expect(state.ended).not.toBeNull();
      checkEnd(world, one, state);
    }),
    { numRuns: 1000 },
  );
});

function newWorld(one: RolloutPlan): World {
  return {
    weights: { blue: 100, green: 0 },
    desired: { blue: 2, green: one.warm ? 2 : 0 },
    retiring: new Set(one.warm ? ["green"] : []),
    hasRule: false,
    isShort: false,
    scaling: { blue: true, green: false },
  };
}

function apply(world: World, action: Action): void {
  switch (action.do) {
    case "claim":
      world.retiring.delete(action.colour);
      return;
    case "clear":
      world.desired[action.colour] = 0;
      return;
    case "scale":
      world.desired[action.colour] = action.desired ?? world.desired[action.colour];
      return;
    case "retire":
      world.retiring.add(action.colour);
      return;
    case "weigh":
      world.isShort ||=
        world.desired.green < Math.ceil((world.desired.blue * action.weights.green) / 100);
      world.weights = { ...action.weights };
      return;
    case "open-probe":
      world.hasRule = true;
      return;
    case "scaling":
      world.scaling = { blue: false, green: false, [action.serving]: action.isOn };
      return;
    case "close-probe":
      world.hasRule = false;
      return;
    default:
  }
}

function check(world: World, one: RolloutPlan): void {
  if (!one.warm) expect(world.isShort).toBe(false);
  expect(world.weights.blue + world.weights.green).toBeGreaterThan(0);
  for (const colour of ["blue", "green"] as const) {
    if (world.weights[colour] > 0) {
      expect(world.desired[colour]).toBeGreaterThan(0);
      expect(world.retiring.has(colour)).toBe(false);
    }
  }
}

function checkEnd(world: World, one: RolloutPlan, state: ShiftState): void {
  const ended = state.ended;
  if (ended === null || ended.stuck) {
    return;
  }
  const isThere = ended.outcome === "succeeded" || (one.warm && ended.outcome === "failed");
  // A change that fails before a warm rollback has moved traffic changes nothing.
  const serving = isThere && world.weights.green > 0 ? "green" : "blue";
  const idle = serving === "blue" ? "green" : "blue";
  expect(world.weights).toEqual({ [serving]: 100, [idle]: 0 });
  if (ended.outcome === "succeeded") {
    expect(serving).toBe("green");
  }
  expect(world.hasRule).toBe(false);
  if (ended.untidy === undefined) {
    expect(world.scaling).toEqual({ [serving]: true, [idle]: false });
  }
  expect(world.desired[idle] === 0 || world.retiring.has(idle)).toBe(true);
}

interface Move {
  readonly kind: "good" | "interrupt" | "look" | "grow";
  readonly milliseconds: number;
  /** Whether a call did its work, even if it reported a failure. */
  readonly applied: boolean;
  readonly fails?: boolean;
  readonly look?: Partial<Look>;
}

function happen(world: World, state: ShiftState, move: Move, at: number): Event {
  if (move.kind === "interrupt") {
    return { type: "interrupted", at };
  }
  if (move.kind === "grow" && state.action?.do !== "weigh" && world.weights.blue > 0) {
    // A scaling policy of the serving colour.
    world.desired.blue = Math.min(8, world.desired.blue + 1);
  }
  if (state.action !== null) {
    if (move.applied || move.fails !== true) {
      apply(world, state.action);
    }
    return move.fails === true
      ? { type: "action-failed", at, reason: "ServiceUnavailable" }
      : { type: "acted", at };
  }
  return { type: "looked", look: goodLook(at, { ...sight(world), ...move.look }) };
}

/** All instances of green that are wanted serve. */
function sight({ desired }: World): Pick<Look, "members" | "capacity"> {
  return {
    members: Array.from({ length: desired.green }, (_, index) =>
      member({ id: `i-${index}`, deployment: 8 }),
    ),
    capacity: {
      blue: { desired: desired.blue, max: 8 },
      green: { desired: desired.green, max: 8 },
    },
  };
}

const failure = { cause: "the container crashes", where: "instance i-1", detail: [] };
const candidates = fc.constantFrom<Look["candidate"]>(
  { verdict: "waiting", detail: "booting" },
  { verdict: "healthy", detail: "2 of 2" },
  { verdict: "healthy", detail: "2 of 2" },
  { verdict: "failed", ...failure },
);
const probes = fc.array(
  fc.record({
    by: fc.constantFrom("rule" as const, "address" as const),
    good: fc.boolean(),
    version: fc.constantFrom(null, "v7", "v8", "v9"),
  }),
  { maxLength: 3 },
);
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Move>({ kind: "good", milliseconds: 1000, applied: true }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("look" as const),
      milliseconds: fc.nat(20_000),
      applied: fc.boolean(),
      fails: fc.boolean(),
      look: fc.record({
        candidate: candidates,
        alarms: fc.constantFrom(
          [],
          [],
          [],
          [{ ...failure, alarm: "errors" }],
          [{ ...failure, alarm: "app-production-green-unhealthy" }],
        ),
        probes: probes.map((list) => list.map((one) => probe(one))),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: "grow", milliseconds: 1000, applied: true }) },
  {
    weight: 1,
    arbitrary: fc.constant<Move>({ kind: "interrupt", milliseconds: 10, applied: true }),
  },
);
const plans = fc
  .record({
    warm: fc.constantFrom(false, false, true),
    stages: fc.constantFrom(
      [{ weight: 100, bakeSeconds: 0 }],
      [
        { weight: 10, bakeSeconds: 5 },
        { weight: 100, bakeSeconds: 5 },
      ],
      [20, 40, 60, 80, 100].map((weight) => ({ weight, bakeSeconds: 2 })),
    ),
    timeoutSeconds: fc.constantFrom(60, 600),
  })
  .map((changes) =>
    plan(changes.warm ? { ...changes, stages: [{ weight: 100, bakeSeconds: 0 }] } : changes),
  );
