import type { ReleaseSettings } from "../../config/schema/release.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutPlan, Side } from "../../state/rollout-plan.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import { startAlarm } from "../observe/alarms.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import { strategies } from "../strategy/strategies.ts";

export interface PlanFacts {
  readonly outputs: Pick<StackOutputs, "alarm_names">;
  readonly record: ReleaseRecord;
  readonly active: ReleaseRecord;
  readonly fleet: Pick<FleetSnapshot, "groups">;
  readonly settings: ReleaseSettings;
  /** instances.min */
  readonly minimum: number;
  readonly alarms: readonly string[];
}

/** The plan of a release, or of a rollback to a version that no longer runs. */
export function planRelease(facts: PlanFacts): RolloutPlan {
  const { active, settings } = facts;
  return {
    ...common(facts),
    strategy: settings.strategy,
    instances: wantedInstances(facts.fleet, active, facts.minimum),
    stages: strategies[settings.strategy].stages(settings),
    warm: false,
  };
}

/**
 * The plan of a rollback to a version that still runs: one call moves all traffic. Its group may be smaller than the serving one, which a
 * policy has scaled since. It grows while it already serves, because the user wants to leave the other version now.
 */
export function planReturn(facts: PlanFacts): RolloutPlan {
  const { record, fleet } = facts;
  const own = fleet.groups[record.colour];
  return {
    ...common(facts),
    strategy: "blue-green",
    instances: Math.min(own.max, Math.max(own.desired, fleet.groups[facts.active.colour].desired)),
    stages: [{ weight: 100, bakeSeconds: 0 }],
    warm: true,
  };
}

/** The plan of a stack's first release. It replaces nothing, and ends when the address answers. `timeoutSeconds`: until the instances are healthy. */
export function planFirst(
  record: ReleaseRecord,
  minimum: number,
  timeoutSeconds: number,
): RolloutPlan {
  return {
    kind: record.kind,
    strategy: "first",
    release: record.release,
    from: null,
    to: sideOf(record),
    instances: minimum,
    minimum,
    stages: [],
    warm: false,
    batch: 1,
    bakeSeconds: 0,
    timeoutSeconds,
    keepPreviousSeconds: 0,
    // Nothing serves yet, so no alarm can mean anything.
    alarms: [],
    startAlarms: [],
    probeFailures: 1,
    probeWindow: 1,
  };
}

/** As many as serve now. Scaling policies may have raised that above the minimum. */
export function wantedInstances(
  fleet: Pick<FleetSnapshot, "groups">,
  active: Pick<ReleaseRecord, "colour">,
  minimum: number,
): number {
  return Math.max(minimum, fleet.groups[active.colour].desired);
}

function common({ outputs, record, active, settings, minimum, alarms }: PlanFacts) {
  return {
    kind: record.kind,
    release: record.release,
    from: sideOf(active),
    to: sideOf(record),
    minimum,
    batch: settings.rolling.batch,
    bakeSeconds: settings.bakeSeconds,
    timeoutSeconds: settings.timeoutSeconds,
    keepPreviousSeconds: settings.keepPreviousSeconds,
    alarms,
    startAlarms: [startAlarm(outputs, record.colour)],
    probeFailures: settings.probe.failures,
    probeWindow: settings.probe.window,
    ...commandOf(record),
  };
}

/** Of a record whose release runs the command of `release.before`. */
export function commandOf({ before }: Pick<ReleaseRecord, "before">): Pick<RolloutPlan, "before"> {
  return before === undefined ? {} : { before: { timeoutSeconds: before.timeout_seconds } };
}

function sideOf({ colour, version, deployment }: ReleaseRecord): Side {
  return { colour, version, deployment };
}
