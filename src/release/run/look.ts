import { describeAlarms } from "../../aws/alarms.ts";
import type { AwsClients } from "../../aws/clients.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { judgeAlarms } from "../observe/judge-alarms.ts";
import { judgeColour, isReady } from "../observe/judge.ts";
import type { AlarmFailure, Look, Member } from "../strategy/machine.ts";
import { observeFleet, type FleetSnapshot } from "../observe/observe.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Prober, Wanted } from "./prober.ts";
import type { StackRecord } from "../../state/stack-record.ts";

export interface Eyes {
  readonly aws: AwsClients;
  readonly store: ObjectStore;
  readonly stack: StackRecord;
  readonly plan: RolloutPlan;
  readonly prober: Prober;
  readonly now: () => Date;
  /** ISO 8601: what a group failed to launch before that is not this rollout's. */
  readonly created: string;
}

/** Looks at everything once, all at the same time. Never throws: what cannot be seen is part of the answer. */
export async function look(
  eyes: Eyes,
  wanted: Wanted,
  step: string,
  signal: AbortSignal,
): Promise<Look> {
  const [fleet, alarms, probes] = await Promise.all([
    observeFleet(eyes, eyes.stack).catch((error: unknown) => error),
    readAlarms(eyes),
    eyes.prober.collect(wanted, step, signal),
  ]);
  const at = eyes.now().getTime();
  if (!isFleet(fleet)) {
    const detail = `AWS does not say how the instances are: ${String(fleet)}`;
    return { at, candidate: { verdict: "waiting", detail }, alarms, probes, members: [] };
  }
  return {
    at,
    candidate: judgeCandidate(eyes, fleet),
    alarms,
    probes,
    members: members(eyes, fleet),
  };
}

/** An alarm that cannot be read counts as one that is on. */
async function readAlarms(eyes: Eyes): Promise<readonly AlarmFailure[]> {
  try {
    return judgeAlarms(await describeAlarms(await eyes.aws.cloudWatch(), eyes.plan.alarms));
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const cause = "the alarms cannot be read";
    return [{ alarm: "", cause, where: "CloudWatch", detail: [words] }];
  }
}

function judgeCandidate({ plan, created }: Eyes, fleet: FleetSnapshot): Look["candidate"] {
  const { colour, deployment } = plan.to;
  return judgeColour(fleet, colour, { release: deployment, created }, plan.instances);
}

function members({ plan }: Eyes, fleet: FleetSnapshot): readonly Member[] {
  return fleet.instances
    .filter((instance) => instance.colour === plan.to.colour)
    .map((instance) => ({
      id: instance.id,
      lifecycle: instance.lifecycle,
      deployment: instance.agent?.release ?? null,
      ready: isReady(instance),
      serving: isReady(instance) && instance.targetHealth === "healthy",
    }));
}

function isFleet(value: unknown): value is FleetSnapshot {
  return typeof value === "object" && value !== null && "instances" in value;
}
