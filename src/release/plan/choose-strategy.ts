import type { ReleaseConfig, ReleaseSettings } from "../../config/schema/release.ts";
import { otherColour } from "../../stack/colour.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import { wantedInstances } from "./plan-release.ts";

/** What further instances would lack; empty where no quota is known to stand against them. Never throws. */
export type RoomFor = (
  instances: number,
) => Promise<readonly { readonly what: string; readonly next: string }[]>;

/** The settings of a release, and why `auto` chose its strategy; null when the user chose. */
export interface Choice {
  readonly settings: ReleaseSettings;
  readonly reason: string | null;
}

export interface ChoiceFacts {
  readonly fleet: Pick<FleetSnapshot, "groups" | "instances">;
  readonly active: Pick<ReleaseRecord, "colour">;
  /** instances.min */
  readonly minimum: number;
  readonly roomFor: RoomFor;
}

/** `auto`: blue-green where a second fleet fits into the group and the quotas, otherwise rolling. Only AWS knows whether it has the machines. */
export async function chooseStrategy(
  settings: ReleaseConfig,
  { fleet, active, minimum, roomFor }: ChoiceFacts,
): Promise<Choice> {
  const { strategy, ...others } = settings;
  if (strategy !== "auto") return { settings: { ...others, strategy }, reason: null };
  const choose = (chosen: ReleaseSettings["strategy"], reason: string): Choice => ({
    settings: { ...others, strategy: chosen },
    reason,
  });
  if (!canRoll(fleet, active, settings)) {
    return choose("blue-green", "rolling would leave no instance to serve");
  }
  const instances = wantedInstances(fleet, active, minimum);
  const { max } = fleet.groups[otherColour(active.colour)];
  if (instances > max) {
    return choose(
      "rolling",
      `a second fleet needs ${instances} instances, and its group has ${max} at most`,
    );
  }
  const [shortage] = await roomFor(instances);
  return shortage === undefined
    ? choose("blue-green", `no quota stands against ${instances} further instances`)
    : choose("rolling", shortage.what);
}

/** Whether instances serve while a batch of the others is updated. */
export function canRoll(
  { instances }: Pick<FleetSnapshot, "instances">,
  { colour }: Pick<ReleaseRecord, "colour">,
  { rolling: { batch } }: Pick<ReleaseConfig, "rolling">,
): boolean {
  return instances.filter((one) => one.colour === colour).length > batch;
}
