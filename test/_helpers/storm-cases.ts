import fc from "fast-check";
import { planFirst } from "../../src/release/plan/plan-release.ts";
import { pointerTo } from "../../src/state/release-pointer.ts";
import type { RolloutPlan } from "../../src/state/rollout-plan.ts";
import { next, releaseWorld, served } from "./release-world.ts";
import { plan, rollingPlan } from "./rollout-plans.ts";

export interface Case {
  readonly plan: RolloutPlan;
  /** The new version's containers never become healthy. */
  readonly isBad: boolean;
  /** The command of `release.before` fails. */
  readonly fails?: boolean;
}

/** A release by each strategy, a first one, and a rollback to a version that still runs. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    strategy: fc.constantFrom("blue-green", "canary", "linear", "rolling", "first", "warm"),
    instances: fc.integer({ min: 2, max: 4 }),
    batch: fc.integer({ min: 1, max: 3 }),
    bakeSeconds: fc.constantFrom(0, 5, 15),
    timeoutSeconds: fc.constantFrom(60, 600),
    isBad: fc.constantFrom(false, false, false, true),
    command: fc.constantFrom("none", "none", "good", "bad"),
  })
  .filter(({ instances, batch, strategy }) => strategy !== "rolling" || batch < instances)
  .map(({ strategy, isBad, command, ...numbers }) => ({
    plan: {
      ...planOf(strategy, numbers),
      // A version that still runs has had its command.
      ...(command === "none" || strategy === "warm" ? {} : { before: { timeoutSeconds: 30 } }),
    },
    isBad,
    fails: command === "bad",
  }));

interface Numbers {
  readonly instances: number;
  readonly batch: number;
  readonly bakeSeconds: number;
  readonly timeoutSeconds: number;
}

function planOf(strategy: string, numbers: Numbers): RolloutPlan {
  const { instances, bakeSeconds, timeoutSeconds } = numbers;
  const common = { ...numbers, minimum: instances };
  const all = { weight: 100, bakeSeconds };
  switch (strategy) {
    case "first":
      return planFirst(next({ colour: "blue", replaces: null }), instances, timeoutSeconds);
    case "rolling":
      return rollingPlan(common);
    case "warm": {
      const to = { colour: "green", version: "v6", deployment: 6 } as const;
      const stages = [{ weight: 100, bakeSeconds: 0 }];
      return plan({ ...common, kind: "rollback", warm: true, to, stages });
    }
    case "canary":
      return plan({ ...common, strategy, stages: [{ weight: 10, bakeSeconds: 5 }, all] });
    case "linear": {
      const stages = [25, 50, 75].map((weight) => ({ weight, bakeSeconds: 2 }));
      return plan({ ...common, strategy, stages: [...stages, all] });
    }
    default:
      return plan({ ...common, stages: [all] });
  }
}

/** The stack before the plan is carried out. `during`: what happens while time passes. */
export function worldOf({ plan: one, isBad, fails }: Case, during: () => void) {
  const isFirst = one.strategy === "first";
  const world = releaseWorld({
    checkMilliseconds: 2000,
    during,
    ...(isFirst ? { empty: true as const } : {}),
  });
  const { stack, clock, bucket } = world;
  bucket.write("lock.json", "the lock");
  const capacity = isFirst ? 0 : one.instances;
  Object.assign(stack.groups.blue, { min: capacity, desired: capacity, max: 8 });
  if (!isFirst) stack.runs("blue", 7, one.instances - 2);
  if (one.warm) {
    const version6 = served({ release: 6, deployment: 6, version: "v6", colour: "green" });
    world.write(version6);
    Object.assign(stack.groups.green, { min: 0, desired: one.instances });
    stack.pointers.green = pointerTo(version6, world.deps.prefix, "at-once");
    stack.runs("green", 6, one.instances);
    stack.retiring.green = new Date(clock.now().getTime() + 30_000);
  }
  if (fails === true) stack.commands.codes.set(8, 3);
  if (isBad) {
    stack.bad.set(8, { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 });
  }
  return world;
}
