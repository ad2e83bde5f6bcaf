import fc from "fast-check";
import { expect, test } from "vitest";
import { goodLook, probe, rollingPlan } from "../../../test/_helpers/rollout-plans.ts";
import type { MovingPlan } from "./moving-plan.ts";
import type { Action, Event, Look, Member } from "./machine.ts";
import { rollingMachine } from "./rolling.ts";
import type { RollingState } from "./rolling-judgements.ts";

/** A group whose instances take the pointer's release while they are in Standby, as the agent does. */
interface World {
  pointer: number;
  minimum: number;
  isBalancing: boolean;
  isScaling: boolean;
  members: { id: string; lifecycle: "InService" | "Standby"; deployment: number }[];
}

test("whatever happens: it ends, an instance always serves, and all run one release", () => {
  fc.assert(
    fc.property(plans, fc.array(moves, { maxLength: 80 }), (one, script) => {
      const world = newWorld(one);
      let state = rollingMachine.start(one, 0);
      let at = 0;
      const step = (move: Move): void => {
        at += 1000;
        state = rollingMachine.next(one, state, happen(world, state, move, at));
        check(world);
      };
      for (const move of script) step(move);
      for (let count = 0; state.ended === null && count < 3000; count += 1) {
        step({ kind: "good" });
      }
      checkEnd(world, one, state);
    }),
    { numRuns: 2000 },
  );
});

test("killed at any step and resumed: all run one release, and the minimum is the same as before", () => {
  fc.assert(
    fc.property(plans, fc.nat(80), fc.boolean(), (one, kills, applied) => {
      const world = newWorld(one);
      let state = rollingMachine.start(one, 0);
      let at = 0;
      const go = (): void => {
        at += 1000;
        state = rollingMachine.next(one, state, happen(world, state, { kind: "good" }, at));
        check(world);
      };
      for (let count = 0; state.ended === null && count < kills; count += 1) {
        go();
      }
      fc.pre(state.ended === null);
      if (state.action !== null && applied) {
        apply(world, state.action);
      }
      state = rollingMachine.resume(one, state.step, at);
      for (let count = 0; state.ended === null && count < 3000; count += 1) {
        go();
      }
      checkEnd(world, one, state);
    }),
    { numRuns: 1000 },
  );
});

function newWorld(one: MovingPlan): World {
  return {
    pointer: 7,
    minimum: one.minimum,
    isBalancing: true,
    isScaling: true,
    members: Array.from({ length: one.instances }, (_, index) => ({
      id: `i-${index}`,
      lifecycle: "InService",
      deployment: 7,
    })),
  };
}

function apply(world: World, action: Action): void {
  switch (action.do) {
    case "point":
      world.pointer = action.deployment;
      return;
    case "scale":
      world.minimum = action.minimum;
      return;
    case "balance":
      world.isBalancing = action.isOn;
      return;
    case "scaling":
      world.isScaling = action.isOn;
      return;
    case "enter-standby":
    case "exit-standby":
      for (const member of world.members) {
        if (action.instances.includes(member.id)) {
          member.lifecycle = action.do === "enter-standby" ? "Standby" : "InService";
        }
      }
      return;
    default:
  }
}

function check(world: World): void {
  expect(world.members.filter((member) => member.lifecycle === "InService").length).toBeGreaterThan(
    0,
  );
}

function checkEnd(world: World, one: MovingPlan, state: RollingState): void {
  expect(state.ended).not.toBeNull();
  if (state.ended === null || state.ended.stuck) {
    return;
  }
  const wanted = state.ended.outcome === "succeeded" ? one.to.deployment : one.from.deployment;
  for (const member of world.members) {
    expect(member).toMatchObject({ lifecycle: "InService", deployment: wanted });
  }
  expect(world).toMatchObject({
    pointer: wanted,
    minimum: one.minimum,
    isBalancing: true,
    isScaling: true,
  });
}

interface Move {
  readonly kind: "good" | "interrupt" | "look";
  readonly fails?: boolean;
  readonly look?: Partial<Look>;
}

function happen(world: World, state: RollingState, move: Move, at: number): Event {
  if (move.kind === "interrupt") {
    return { type: "interrupted", at };
  }
  if (state.action !== null) {
    if (move.fails === true) {
      return { type: "action-failed", at, reason: "ServiceUnavailable" };
    }
    apply(world, state.action);
    return { type: "acted", at };
  }
  for (const member of world.members) {
    if (member.lifecycle === "Standby") {
      member.deployment = world.pointer;
    }
  }
  const members: Member[] = world.members.map((member) => ({
    ...member,
    ready: true,
    serving: member.lifecycle === "InService",
  }));
  const newest = world.members.every((member) => member.deployment === 8) ? "v8" : "v7";
  const probes = [probe({ version: newest })];
  return {
    type: "looked",
    look: goodLook(at, { probes, members, ...(move.kind === "look" ? move.look : {}) }),
  };
}

const failure = { cause: "the container crashes", where: "instance i-1", detail: [] };
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Move>({ kind: "good" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("look" as const),
      fails: fc.boolean(),
      look: fc.constantFrom<Partial<Look>>(
        {},
        { alarms: [{ ...failure, alarm: "errors" }] },
        { candidate: { verdict: "failed", ...failure } },
        { candidate: { verdict: "waiting", detail: "" } },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: "interrupt" }) },
);
const plans = fc
  .record({ instances: fc.integer({ min: 2, max: 6 }), batch: fc.integer({ min: 1, max: 5 }) })
  .filter(({ instances, batch }) => batch < instances)
  .map(({ instances, batch }) => rollingPlan({ instances, batch, minimum: instances }));
