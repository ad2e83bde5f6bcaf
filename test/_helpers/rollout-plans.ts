import type { Look, Member, Probe } from "../../src/release/strategy/machine.ts";
import type { MovingPlan } from "../../src/release/strategy/moving-plan.ts";

/** Release 8 (v8) on green over release 7 (v7) on blue, two instances, all traffic at once and 10 s of watching. */
export function plan(changes: Partial<MovingPlan> = {}): MovingPlan {
  return {
    kind: "release",
    strategy: "blue-green",
    release: 8,
    from: { colour: "blue", version: "v7", deployment: 7 },
    to: { colour: "green", version: "v8", deployment: 8 },
    instances: 2,
    minimum: 2,
    stages: [{ weight: 100, bakeSeconds: 10 }],
    warm: false,
    batch: 1,
    bakeSeconds: 10,
    timeoutSeconds: 600,
    keepPreviousSeconds: 600,
    alarms: ["app-production-green-errors", "app-production-green-unhealthy"],
    startAlarms: ["app-production-green-unhealthy"],
    probeFailures: 3,
    probeWindow: 10,
    ...changes,
  };
}

export function rollingPlan(changes: Partial<MovingPlan> = {}): MovingPlan {
  return plan({
    strategy: "rolling",
    to: { colour: "blue", version: "v8", deployment: 8 },
    stages: [],
    ...changes,
  });
}

export function probe(changes: Partial<Probe> = {}): Probe {
  return { by: "address", good: true, version: "v8", detail: "GET / answered 200", ...changes };
}

export function member(changes: Partial<Member> = {}): Member {
  return {
    id: "i-1",
    lifecycle: "InService",
    deployment: 7,
    ready: true,
    serving: true,
    ...changes,
  };
}

/** Everything is as it should be, and the new version answers. */
export function goodLook(at: number, changes: Partial<Look> = {}): Look {
  return {
    at,
    candidate: { verdict: "healthy", detail: "2 of 2 targets healthy" },
    alarms: [],
    probes: [probe({ by: "rule" }), probe()],
    members: [],
    capacity: { blue: { desired: 2, max: 8 }, green: { desired: 2, max: 8 } },
    ...changes,
  };
}
