import type { GroupSnapshot } from "../../aws/fleet.ts";
import { CommandError } from "../../errors/command-error.ts";
import { colours, type Colour } from "../../stack/colour.ts";
import { readAgentState } from "../../state/reports/agent-state.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readReleases } from "../../state/release-history.ts";
import type { Alarms, Door, Fleet } from "../parts.ts";
import { askAddress, type AddressQuestion } from "./address.ts";
import type { ColourGroup, FleetSnapshot, InstanceSnapshot, Snapshot } from "./snapshot.ts";

/** The sources of a fleet snapshot. */
export interface FleetSources {
  readonly fleet: Pick<Fleet, "groups" | "launches">;
  readonly door: Pick<Door, "weights" | "health">;
  /** Holds the instances' reports. */
  readonly store: Pick<ObjectStore, "get">;
}

export interface StackSources extends FleetSources {
  readonly alarms: Alarms;
  readonly store: Pick<ObjectStore, "get" | "list">;
  readonly fetch: typeof fetch;
}

/**
 * Reads everything at once. Throws the SDK's own errors. An unreachable address and missing agents are part of the snapshot.
 * `alarmNames`: the stack's alarms.
 */
export async function observeStack(
  sources: StackSources,
  alarmNames: readonly string[],
  address: AddressQuestion,
): Promise<Snapshot> {
  const [fleet, releases, alarms, answer] = await Promise.all([
    observeFleet(sources),
    readReleases(sources.store),
    sources.alarms.describe(alarmNames),
    askAddress(sources.fetch, address),
  ]);
  return { ...fleet, releases, alarms, address: answer };
}

/** Weights, groups, targets and each instance's report. Throws the SDK's own errors, and CommandError for an unreadable report. */
export async function observeFleet({ fleet, door, store }: FleetSources): Promise<FleetSnapshot> {
  const [weights, blue, green, groups] = await Promise.all([
    door.weights(),
    door.health("blue"),
    door.health("green"),
    fleet.groups(),
  ]);
  if (weights === undefined) {
    throw new CommandError("The load balancer's listener does not exist.", {
      why: "it was deleted, or a destroy was interrupted",
      next: "infer-deploy up --refresh creates it again",
    });
  }
  const health = { blue, green };
  const instances = await Promise.all(
    colours.flatMap((colour) =>
      (groups[colour]?.instances ?? []).map(async (instance): Promise<InstanceSnapshot> => {
        const target = health[colour].find((one) => one.instance === instance.id);
        return {
          ...instance,
          colour,
          targetHealth: target?.state ?? "absent",
          targetReason: target?.reason ?? "",
          agent: await readAgentState(store, instance.id),
        };
      }),
    ),
  );
  return {
    weights,
    groups: {
      blue: await groupOf(fleet, "blue", groups.blue),
      green: await groupOf(fleet, "green", groups.green),
    },
    instances,
  };
}

async function groupOf(
  fleet: Pick<Fleet, "launches">,
  colour: Colour,
  found: GroupSnapshot | undefined,
): Promise<ColourGroup> {
  const live = (found?.instances ?? []).filter(
    ({ lifecycle }) => !lifecycle.startsWith("Terminat"),
  );
  const isShort = found !== undefined && live.length < found.desired;
  return {
    desired: found?.desired ?? 0,
    min: found?.min ?? 0,
    max: found?.max ?? 0,
    zones: found?.zones ?? [],
    launches: isShort ? await fleet.launches(colour) : [],
  };
}
