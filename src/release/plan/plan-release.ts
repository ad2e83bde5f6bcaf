import type { Config } from "../../config/schema/schema.ts";
import type { FleetSnapshot } from "../observe/observe.ts";
import { stagesOf, type RolloutPlan } from "./rollout-plan.ts";
import { startAlarm } from "../observe/judge-alarms.ts";
import type { ReleaseRecord } from "../../state/records.ts";
import type { StackRecord } from "../../state/stack-record.ts";

export interface PlanFacts {
  readonly stack: Pick<StackRecord, "name" | "environment">;
  readonly record: ReleaseRecord;
  readonly active: ReleaseRecord;
  readonly fleet: Pick<FleetSnapshot, "groups">;
  readonly settings: Config["release"];
  readonly minimum: number;
  readonly alarms: readonly string[];
}

/** What a release, or a rollback to a version that does not run any more, will do. */
export function planRelease(facts: PlanFacts): RolloutPlan {
  const { record, active, settings } = facts;
  return {
    ...common(facts),
    strategy: settings.strategy,
    to: { colour: record.colour, version: record.version, deployment: record.deployment },
    instances: wantedInstances(facts.fleet, active, facts.minimum),
    stages: stagesOf(settings),
    warm: false,
  };
}

/** A rollback to a version that still runs: one call moves all of the traffic. */
export function planReturn(facts: PlanFacts): RolloutPlan {
  const { record, fleet } = facts;
  return {
    ...common(facts),
    strategy: "blue-green",
    to: { colour: record.colour, version: record.version, deployment: record.deployment },
    instances: fleet.groups[record.colour].desired,
    stages: [{ weight: 100, bakeSeconds: 0 }],
    warm: true,
  };
}

/** As many as serve now, which scaling policies may have made more than the minimum. */
export function wantedInstances(
  fleet: Pick<FleetSnapshot, "groups">,
  active: Pick<ReleaseRecord, "colour">,
  minimum: number,
): number {
  return Math.max(minimum, fleet.groups[active.colour].desired);
}

function common({ stack, record, active, settings, minimum, alarms }: PlanFacts) {
  return {
    kind: record.kind,
    release: record.release,
    from: { colour: active.colour, version: active.version, deployment: active.deployment },
    minimum,
    batch: settings.rolling.batch,
    bakeSeconds: settings.bakeSeconds,
    timeoutSeconds: settings.timeoutSeconds,
    keepPreviousSeconds: settings.keepPreviousSeconds,
    alarms,
    startAlarms: [startAlarm(stack, record.colour)],
    probeFailures: settings.probe.failures,
    probeWindow: settings.probe.window,
  };
}
