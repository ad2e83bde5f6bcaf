import fc from "fast-check";
import { expect, test } from "vitest";
import { goodLook, member, plan, probe } from "../../../../test/_helpers/rollout-plans.ts";
import type { Action, Event, Look } from "../machine.ts";
import { recreateMachine } from "./recreate.ts";
import type { RecreateState } from "./judgements.ts";

const one = plan({ strategy: "recreate", instances: 1, minimum: 1 });

/** One machine. A slot's container starts only where the other slot has none, as its agents see to. */
interface World {
  readonly runs: Record<Colour, boolean>;
  readonly retired: Record<Colour, boolean>;
  container: Colour | null;
  weights: Readonly<Record<Colour, number>>;
  answers: "pause" | "service";
  hasRule: boolean;
}

type Colour = "blue" | "green";

test("whatever happens: it ends, one version serves in the end, and no user meets a machine without a container", () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 120 }), (script) => {
      const world = newWorld();
      let state = recreateMachine.start(one, 0);
      let at = 0;
      const step = (move: Move): void => {
        at += 1000;
        state = recreateMachine.next(one, state, happen(world, state, move, at));
        check(world, state);
      };
      for (const move of script) step(move);
      // From here on nothing fails.
      for (let count = 0; state.ended === null && count < 3000; count += 1) step({ kind: "good" });
      checkEnd(world, state);
    }),
    { numRuns: 2000 },
  );
});

test("killed at any step and resumed: it ends with one version that serves", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.boolean(), (kills, applied) => {
      const world = newWorld();
      let state = recreateMachine.start(one, 0);
      let at = 0;
      const step = (): void => {
        at += 1000;
        state = recreateMachine.next(one, state, happen(world, state, { kind: "good" }, at));
        check(world, state);
      };
      for (let count = 0; state.ended === null && count < kills; count += 1) step();
      fc.pre(state.ended === null);
      // The step that had begun when the process died may or may not be done.
      if (state.action !== null && applied) apply(world, state.action);
      state = recreateMachine.resume(one, state.step, at);
      for (let count = 0; state.ended === null && count < 3000; count += 1) step();
      checkEnd(world, state);
    }),
    { numRuns: 500 },
  );
});

function newWorld(): World {
  return {
    runs: { blue: true, green: false },
    retired: { blue: false, green: false },
    container: "blue",
    weights: { blue: 100, green: 0 },
    answers: "service",
    hasRule: false,
  };
}

function apply(world: World, action: Action): void {
  switch (action.do) {
    case "claim":
      world.runs[action.colour] &&= !world.retired[action.colour];
      world.retired[action.colour] = false;
      break;
    case "clear":
      world.runs[action.colour] = false;
      break;
    case "scale":
      world.runs[action.colour] = action.desired === 1;
      break;
    case "retire":
      world.retired[action.colour] = true;
      break;
    case "weigh":
      world.weights = action.weights;
      break;
    case "answer":
      world.answers = action.by;
      break;
    case "open-probe":
    case "close-probe":
      world.hasRule = action.do === "open-probe";
      break;
    default:
  }
  settle(world);
}

function settle(world: World): void {
  const mayRun = (colour: Colour) => world.runs[colour] && !world.retired[colour];
  if (world.container !== null && !mayRun(world.container)) world.container = null;
  world.container ??= mayRun("blue") ? "blue" : mayRun("green") ? "green" : null;
}

function check({ answers, container, weights }: World, state: RecreateState): void {
  // A pause that AWS refused again and again was left out, which is better than no way back.
  if (answers === "pause" || state.untidy.length > 0) return;
  expect(container === null ? 0 : weights[container]).toBe(100);
}

function checkEnd(world: World, state: RecreateState): void {
  expect(state.ended).not.toBeNull();
  if (state.ended === null || state.ended.stuck) return;
  const serving = state.ended.outcome === "succeeded" ? "green" : "blue";
  expect(world.container).toBe(serving);
  expect(world.weights[serving]).toBe(100);
  if (state.ended.untidy !== undefined) return;
  expect(world).toMatchObject({ answers: "service", hasRule: false });
}

interface Move {
  readonly kind: "good" | "interrupt" | "look";
  /** Whether a call that failed did its work. */
  readonly applied?: boolean;
  readonly fails?: boolean;
  readonly look?: Partial<Look>;
}

function happen(world: World, state: RecreateState, move: Move, at: number): Event {
  if (move.kind === "interrupt") return { type: "interrupted", at };
  if (state.action !== null) {
    if (move.applied === true || move.fails !== true) apply(world, state.action);
    return move.fails === true
      ? { type: "action-failed", at, reason: "ServiceUnavailable" }
      : { type: "acted", at };
  }
  return { type: "looked", look: { ...sight(world, at), ...move.look } };
}

function sight({ container, runs }: World, at: number): Look {
  const isUp = (colour: Colour) => container === colour;
  const own = (colour: Colour, deployment: number) =>
    runs[colour]
      ? [
          member({
            deployment,
            ready: isUp(colour),
            serving: isUp(colour),
            ...(isUp(colour) ? {} : { fetched: true }),
          }),
        ]
      : [];
  const version = container === "green" ? "v8" : "v7";
  return goodLook(at, {
    candidate: isUp("green")
      ? { verdict: "healthy", detail: "1 of 1" }
      : { verdict: "waiting", detail: "0 of 1" },
    probes: [probe({ by: "rule", version }), probe({ version })],
    members: own("green", 8),
    previous: own("blue", 7),
  });
}

const failure = { cause: "the container crashes", where: "instance i-1", detail: [] };
const looks = fc.constantFrom<Partial<Look>>(
  { candidate: { verdict: "failed", ...failure } },
  { alarms: [{ ...failure, alarm: "app-production-green-errors" }] },
  { members: null },
  { probes: [probe({ good: false }), probe({ good: false }), probe({ good: false })] },
  { probes: [] },
);
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Move>({ kind: "good" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("look" as const),
      applied: fc.boolean(),
      fails: fc.boolean(),
      look: looks,
    }),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: "interrupt" }) },
);
