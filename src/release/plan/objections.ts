import type { AlarmSnapshot } from "../../aws/alarms.ts";
import { isServing } from "../observe/judge.ts";
import type { FleetSnapshot } from "../observe/observe.ts";
import type { Strategy } from "./rollout-plan.ts";
import type { ReleaseRecord } from "../../state/records.ts";

/** Why a release must not begin, and what helps. */
export interface Objection {
  readonly what: string;
  readonly next: string;
  /** `--force` passes over it. */
  readonly canForce: boolean;
}

export interface PreflightFacts {
  readonly fleet: FleetSnapshot;
  readonly active: ReleaseRecord;
  readonly strategy: Strategy;
  /** Instances of the new version. */
  readonly instances: number;
  readonly batch: number;
  readonly alarms: readonly AlarmSnapshot[];
}

/** Everything that speaks against a release, at once; empty when nothing does. */
export function findObjections(facts: PreflightFacts): readonly Objection[] {
  return [
    ...checkWeights(facts),
    ...checkServing(facts),
    ...checkCapacity(facts),
    ...checkAlarms(facts),
  ];
}

function* checkWeights({ fleet }: PreflightFacts): Iterable<Objection> {
  const { blue, green } = fleet.weights;
  if (blue > 0 && green > 0) {
    yield {
      what: `both colours have traffic (blue ${blue}, green ${green}), and no release of ours is under way`,
      next: "infer-deploy status, then set one weight to 0, or add --force",
      canForce: true,
    };
  }
}

function* checkServing({ fleet, active }: PreflightFacts): Iterable<Objection> {
  const members = fleet.instances.filter((instance) => instance.colour === active.colour);
  const healthy = members.filter((instance) => isServing(instance, active.deployment)).length;
  const wanted = Math.max(1, fleet.groups[active.colour].min);
  if (healthy < wanted) {
    yield {
      what: `the serving version ${active.version} is not healthy: ${healthy} of ${wanted} instances on ${active.colour}`,
      next: "infer-deploy status shows why; --force releases a version that mends it",
      canForce: true,
    };
  }
}

function* checkCapacity(facts: PreflightFacts): Iterable<Objection> {
  const { fleet, active, strategy, instances, batch } = facts;
  if (strategy === "rolling") {
    const serving = fleet.instances.filter((instance) => instance.colour === active.colour).length;
    if (serving <= batch) {
      yield {
        what: `rolling takes ${batch} of ${serving} instances out at a time, and none would serve`,
        next: "raise instances.min and run infer-deploy up, or choose --strategy blue-green",
        canForce: false,
      };
    }
    return;
  }
  const idle = active.colour === "blue" ? "green" : "blue";
  const { max } = fleet.groups[idle];
  if (instances > max) {
    yield {
      what: `${instances} instances are needed on ${idle}, and its group may have ${max}`,
      next: "raise instances.max and run infer-deploy up, or choose --strategy rolling",
      canForce: false,
    };
  }
}

function* checkAlarms({ alarms }: PreflightFacts): Iterable<Objection> {
  for (const { name, state, reason } of alarms) {
    if (state === "MISSING") {
      yield {
        what: `the alarm ${name} does not exist, and a release must be able to end on it`,
        next: "infer-deploy up --refresh makes the stack's own; check release.alarms for yours",
        canForce: false,
      };
    } else if (state === "ALARM") {
      yield {
        what: `the alarm ${name} is on already${reason === "" ? "" : ` (${reason})`}`,
        next: "wait until it is over, or add --force to release without it",
        canForce: true,
      };
    }
  }
}
