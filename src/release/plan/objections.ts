import type { AlarmSnapshot } from "../../aws/alarms/describe-alarms.ts";
import { CommandError } from "../../errors/command-error.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { isServing } from "../observe/judge.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import type { Objection, Strategy } from "../strategy/strategy.ts";

export interface PreflightFacts {
  readonly fleet: FleetSnapshot;
  readonly active: ReleaseRecord;
  readonly strategy: Pick<Strategy, "needs">;
  /** Instances of the new version. */
  readonly instances: number;
  readonly batch: number;
  readonly alarms: readonly AlarmSnapshot[];
}

/** All objections to a release at once; empty when there are none. */
export function findObjections(facts: PreflightFacts): readonly Objection[] {
  const { fleet, active, strategy, instances, batch, alarms } = facts;
  return [
    ...checkWeights(fleet),
    ...checkServing(fleet, active),
    ...strategy.needs({ fleet, serving: active.colour, instances, batch }),
    ...alarms.flatMap((alarm) => [...checkAlarm(alarm)]),
  ];
}

/** Throws CommandError (1) with all objections. */
export function refuse(objections: readonly Objection[], version: string): void {
  const [first, ...others] = objections;
  if (first === undefined) {
    return;
  }
  if (others.length === 0) {
    throw new CommandError(`${version} cannot be released now: ${first.what}.`, {
      next: first.next,
    });
  }
  throw new CommandError(`${version} cannot be released now, for ${objections.length} reasons.`, {
    detail: objections.flatMap((one) => [one.what, `  next: ${one.next}`]),
  });
}

function* checkWeights({ weights }: FleetSnapshot): Iterable<Objection> {
  const { blue, green } = weights;
  if (blue > 0 && green > 0) {
    yield {
      what: `both colours have traffic (blue ${blue}, green ${green}), and no release is in progress`,
      next: "look at infer-deploy status, then set one weight to 0, or add --force",
      canForce: true,
    };
  }
}

function* checkServing(fleet: FleetSnapshot, active: ReleaseRecord): Iterable<Objection> {
  const members = fleet.instances.filter((instance) => instance.colour === active.colour);
  const healthy = members.filter((instance) => isServing(instance, active.deployment)).length;
  const wanted = Math.max(1, fleet.groups[active.colour].min);
  if (healthy < wanted) {
    yield {
      what: `the serving version ${active.version} is not healthy: ${healthy} of ${wanted} instances on ${active.colour}`,
      next: "infer-deploy status shows why; --force releases a version that fixes it",
      canForce: true,
    };
  }
}

function* checkAlarm({ name, state, reason }: AlarmSnapshot): Iterable<Objection> {
  if (state === "MISSING") {
    yield {
      what: `the alarm ${name} does not exist, so it cannot stop a bad release`,
      next: "infer-deploy up --refresh creates the stack's own alarms; check release.alarms for yours",
      canForce: false,
    };
  } else if (state === "ALARM") {
    yield {
      what: `the alarm ${name} is already on${reason === "" ? "" : ` (${reason})`}`,
      next: "wait until it is off, or add --force to ignore it. After a rollback it stays on for a few minutes, because CloudWatch looks at whole periods",
      canForce: true,
    };
  }
}
