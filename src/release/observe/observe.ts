import { describeAlarms } from "../../aws/alarms.ts";
import type { AwsClients } from "../../aws/clients.ts";
import { describeGroups, lastLaunchFailure, type GroupSnapshot } from "../../aws/fleet.ts";
import { listenerWeights, targetHealth, type TargetHealth } from "../../aws/load-balancer.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readReleases } from "../../state/release-history.ts";
import { askAddress, type AddressQuestion } from "./address.ts";
import type { AgentState } from "../../state/records.ts";
import type { AddressAnswer, ColourGroup, InstanceSnapshot, Snapshot } from "./snapshot.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { type Colour, colours } from "../../stack/colour.ts";

export interface Sources {
  readonly aws: AwsClients;
  readonly store: ObjectStore;
  readonly fetch: typeof fetch;
}

/** What a release watches while it works: the fleet itself, without the history. */
export type FleetSnapshot = Pick<Snapshot, "weights" | "groups" | "instances">;

/**
 * Reads everything at once. Throws the SDK's own errors; the address and missing agents are part of the answer.
 * Without a question the address is left alone: what it answers while nothing serves would count as the stack's errors.
 */
export async function observe(
  sources: Sources,
  stack: StackRecord,
  address: AddressQuestion | null,
): Promise<Snapshot> {
  const [fleet, releases, alarms, answer] = await Promise.all([
    observeFleet(sources, stack),
    readReleases(sources.store),
    sources.aws
      .cloudWatch()
      .then((cloudWatch) => describeAlarms(cloudWatch, stack.outputs.alarm_names)),
    address === null ? notAsked : askAddress(sources.fetch, address),
  ]);
  return { ...fleet, releases, alarms, address: answer };
}

/** Weights, groups, targets and what each instance's agent says. Throws the SDK's own errors. */
export async function observeFleet(
  sources: Pick<Sources, "aws" | "store">,
  { outputs }: StackRecord,
): Promise<FleetSnapshot> {
  const loadBalancing = await sources.aws.loadBalancing();
  const autoScaling = await sources.aws.autoScaling();
  const [weights, blueHealth, greenHealth, groups] = await Promise.all([
    listenerWeights(loadBalancing, outputs.listener_arn),
    targetHealth(loadBalancing, outputs.target_group_arns.blue),
    targetHealth(loadBalancing, outputs.target_group_arns.green),
    describeGroups(autoScaling, Object.values(outputs.autoscaling_group_names)),
  ]);
  const health: Record<Colour, readonly TargetHealth[]> = { blue: blueHealth, green: greenHealth };
  const group = (colour: Colour): GroupSnapshot | undefined =>
    groups.find((one) => one.name === outputs.autoscaling_group_names[colour]);
  const colourGroup = async (colour: Colour): Promise<ColourGroup> => {
    const found = group(colour);
    const short = found !== undefined && found.instances.length < found.desired;
    return {
      desired: found?.desired ?? 0,
      min: found?.min ?? 0,
      max: found?.max ?? 0,
      launchFailure: short ? await lastLaunchFailure(autoScaling, found.name) : null,
    };
  };
  const instances = await Promise.all(
    colours.flatMap((colour) =>
      (group(colour)?.instances ?? []).map(async (instance): Promise<InstanceSnapshot> => {
        const target = health[colour].find((one) => one.instance === instance.id);
        return {
          ...instance,
          colour,
          targetHealth: target?.state ?? "absent",
          targetReason: target?.reason ?? "",
          agent: await readAgent(sources.store, instance.id),
        };
      }),
    ),
  );
  return {
    weights: {
      blue: weights.get(outputs.target_group_arns.blue) ?? 0,
      green: weights.get(outputs.target_group_arns.green) ?? 0,
    },
    groups: { blue: await colourGroup("blue"), green: await colourGroup("green") },
    instances,
  };
}

const notAsked: AddressAnswer = { answered: false, version: null, detail: "not asked" };

async function readAgent(store: ObjectStore, instance: string): Promise<AgentState | null> {
  const stored = await store.get(`agents/${instance}.json`);
  return stored === undefined ? null : (stored.value as AgentState);
}
