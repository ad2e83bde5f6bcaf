import type { HealthSettings } from "../../config/schema/health.ts";
import type { InstanceSettings } from "../../config/schema/fleet/instances.ts";
import type { ReleaseSettings } from "../../config/schema/release.ts";
import { durationText } from "../../report/text.ts";
import type { RolloutPlan, Stage } from "../../state/rollout-plan.ts";
import type { Objection } from "../strategy/strategy.ts";

/** Seconds that a release needs its credentials for, the way back included. */
export interface NeededTime {
  /** Its planned waits: less is never enough. */
  readonly least: number;
  /** With instances that take as long as they may. */
  readonly most: number;
}

/** `stages`: of the strategy; empty for one that updates in place. */
export function neededTime(
  settings: Pick<ReleaseSettings, "bakeSeconds" | "before" | "rolling" | "timeoutSeconds">,
  stages: readonly Stage[],
  {
    bootTimeoutSeconds,
    drainSeconds,
    timeoutSeconds,
  }: Pick<HealthSettings, "drainSeconds" | "timeoutSeconds"> &
    Pick<InstanceSettings, "bootTimeoutSeconds">,
  instances: number,
): NeededTime {
  const batches = Math.ceil(instances / settings.rolling.batch);
  const waits =
    stages.length === 0
      ? settings.bakeSeconds + batches * drainSeconds
      : stages.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  const starts =
    (settings.before?.timeoutSeconds ?? 0) +
    (stages.length === 0 ? batches * timeoutSeconds : bootTimeoutSeconds + timeoutSeconds);
  return {
    least: waits + leastWayBackSeconds,
    most: Math.max(waits, Math.min(waits + starts, settings.timeoutSeconds)) + leastWayBackSeconds,
  };
}

/** Seconds that the way back of a rollout takes now, with some to spare. Updating in place, it takes as long as the way so far (`elapsed`). */
export function wayBackSeconds(
  { strategy }: Pick<RolloutPlan, "strategy">,
  elapsed: number,
): number {
  const isInPlace = strategy === "rolling" || strategy === "recreate";
  return isInPlace ? leastWayBackSeconds + elapsed : leastWayBackSeconds;
}

/** `left`: seconds until the credentials end. `renewal`: the command that gives new ones. */
export function timeObjection(left: number, { least }: NeededTime, renewal: string): Objection {
  return {
    what: `the AWS credentials end in ${durationText(Math.floor(left))}, and the release needs them for at least ${durationText(least)} to be able to roll back`,
    next: `${renewal}, then run the same command again; --force begins anyway, and rolls back before they end`,
    canForce: true,
  };
}

/** To move the traffic, see it moved, and stop the new instances. */
const leastWayBackSeconds = 180;
