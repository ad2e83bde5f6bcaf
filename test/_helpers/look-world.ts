import type { FleetSnapshot } from "../../src/release/observe/snapshot.ts";
import { createLaunchWatch } from "../../src/release/run/launch-watch.ts";
import { look } from "../../src/release/run/look.ts";
import type { Probe } from "../../src/release/strategy/machine.ts";
import { byBoth } from "../../src/release/strategy/step.ts";
import { pointerTo } from "../../src/state/release-pointer.ts";
import { awsFailure } from "./aws-failure.ts";
import type { Call } from "./fake-parts.ts";
import { next, releaseWorld } from "./release-world.ts";
import { plan } from "./rollout-plans.ts";

export const answers: readonly Probe[] = [
  { by: "rule", good: true, version: "v8", detail: "GET / answered 200" },
];

/** Looks at a release in which v7 serves on blue, v8 starts on green. `failing` calls fail. */
export function startLooking(...failing: readonly Call[]) {
  return startLookingWith(awsFailure("ThrottlingException", "Rate exceeded", "r-5"), ...failing);
}

export function startLookingWith(refusal: Error, ...failing: readonly Call[]) {
  const asked: unknown[] = [];
  const fleets: (FleetSnapshot | null)[] = [];
  const stop = new AbortController();
  const world = releaseWorld({
    weather: (call, when) => {
      if (failing.includes(call) && when === "before") {
        throw refusal;
      }
    },
  });
  const { stack, clock } = world;
  stack.pointers.green = pointerTo(next(), "app", "at-once");
  Object.assign(stack.groups.green, { min: 2, desired: 2 });
  const deps = {
    ...world.deps,
    inTime: async <T>(signal: AbortSignal, work: () => Promise<T>) =>
      world.deps.inTime(signal, work),
    plan: plan(),
    onFleet: (fleet: FleetSnapshot | null) => void fleets.push(fleet),
    prober: {
      collect: async (...args: readonly unknown[]) => {
        asked.push(args);
        return answers;
      },
    },
    now: clock.now,
    launches: createLaunchWatch(world.deps.fleet, "green", clock.now),
  };
  const { signal } = stop;
  return {
    world,
    stack,
    asked,
    fleets,
    stop,
    signal,
    see: async () => look(deps, byBoth, "bake 0", signal),
  };
}
