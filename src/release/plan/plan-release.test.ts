import { expect, test } from "vitest";
import { next, served } from "../../../test/_helpers/release-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import { planFirst, planRelease, planReturn, type PlanFacts } from "./plan-release.ts";

const { outputs } = stackRecord();
const settings = { ...config().release, strategy: "blue-green" as const };

function facts(changes: Partial<PlanFacts> = {}): PlanFacts {
  const group = { min: 2, desired: 3, max: 4, zones: [], launches: [] };
  return {
    outputs,
    record: next(),
    active: served(),
    fleet: { groups: { blue: group, green: { ...group, min: 0, desired: 2 } } },
    settings,
    minimum: 2,
    alarms: ["errors", "mine"],
    ...changes,
  };
}

test("a release: from what serves to the new version, with everything that it goes by", () => {
  expect(planRelease(facts())).toEqual({
    kind: "release",
    strategy: "blue-green",
    release: 8,
    from: { colour: "blue", version: "v7", deployment: 7 },
    to: { colour: "green", version: "v8", deployment: 8 },
    // As many as serve now, not the minimum.
    instances: 3,
    minimum: 2,
    stages: [{ weight: 100, bakeSeconds: 5 }],
    warm: false,
    batch: 1,
    bakeSeconds: 5,
    timeoutSeconds: 1800,
    keepPreviousSeconds: 600,
    alarms: ["errors", "mine"],
    startAlarms: ["app-production-green-unhealthy"],
    probeFailures: 3,
    probeWindow: 10,
  });
});

test("a minimum that was raised since counts, even where fewer serve", () => {
  expect(planRelease(facts({ minimum: 4 })).instances).toBe(4);
});

test("the strategy decides the shares", () => {
  const canary = { ...settings, strategy: "canary" as const };
  expect(planRelease(facts({ settings: canary })).stages).toEqual([
    { weight: 10, bakeSeconds: 300 },
    { weight: 100, bakeSeconds: 5 },
  ]);
  const rolling = { ...settings, strategy: "rolling" as const };
  const inPlace = next({ colour: "blue" });
  expect(planRelease(facts({ settings: rolling, record: inPlace }))).toMatchObject({
    strategy: "rolling",
    stages: [],
    to: { colour: "blue" },
    startAlarms: ["app-production-blue-unhealthy"],
  });
});

test("a return to what still runs: all at once, with as many instances as serve now, whatever the strategy", () => {
  const record = next({ kind: "rollback", release: 9, deployment: 6, version: "v6" });
  const linear = { ...settings, strategy: "linear" as const };
  expect(planReturn(facts({ record, settings: linear }))).toMatchObject({
    kind: "rollback",
    strategy: "blue-green",
    release: 9,
    to: { colour: "green", version: "v6", deployment: 6 },
    // As many as serve now: a policy has started the third since.
    instances: 3,
    stages: [{ weight: 100, bakeSeconds: 0 }],
    warm: true,
  });
});

test("a first release replaces nothing, and no alarm ends it", () => {
  expect(planFirst(next({ colour: "blue", replaces: null }), 2, 420)).toMatchObject({
    strategy: "first",
    from: null,
    to: { colour: "blue", version: "v8", deployment: 8 },
    instances: 2,
    minimum: 2,
    stages: [],
    timeoutSeconds: 420,
    alarms: [],
    startAlarms: [],
  });
});
