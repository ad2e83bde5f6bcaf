import type { GroupInstance } from "../../aws/fleet.ts";
import type { TargetHealth } from "../../aws/load-balancer.ts";
import { readServingColour } from "../../release/observe/serving-colour.ts";
import type { Door, Fleet } from "../../release/parts.ts";
import type { Reporter } from "../../report/reporter.ts";

export interface MinimumDeps {
  readonly fleet: Pick<Fleet, "end" | "groups" | "hasSchedules" | "scale">;
  readonly door: Pick<Door, "health" | "weights">;
  readonly reporter: Pick<Reporter, "notify">;
}

/** Whether the serving colour has another minimum or other schedules. A release in progress sets its own for a while. */
export async function needsMinimum(
  { fleet, door }: Pick<MinimumDeps, "door" | "fleet">,
  min: number,
): Promise<boolean> {
  const { serving, group } = await servingGroup(fleet, door);
  return group !== undefined && (group.min !== min || !(await fleet.hasSchedules(serving)));
}

/**
 * `up` sets a changed instances.min on the serving colour itself. Terraform ignores the minimum, so that it cannot disturb a release.
 * Call it with the lock held. Resolves to whether anything was changed.
 */
export async function applyMinimum(
  { fleet, door, reporter }: MinimumDeps,
  min: number,
): Promise<boolean> {
  const { serving, group } = await servingGroup(fleet, door);
  if (group === undefined || group.min === min) {
    return false;
  }
  if (min > group.min) {
    const desired = Math.max(min, Math.min(group.desired, group.max));
    await fleet.scale(serving, { min, desired });
  } else {
    await fleet.scale(serving, { min });
    // No scaling policy ends the instances that ran only for the old minimum. Instances above it were started by one, and stay.
    const surplus = group.desired <= group.min ? group.desired - min : 0;
    const health = await door.health(serving);
    await fleet.end(leastNeeded(group.instances, health).slice(0, surplus));
  }
  reporter.notify({
    type: "note",
    text: `minimum of the ${serving} group: ${group.min} -> ${min} instances`,
  });
  return true;
}

/**
 * Sets a minimum that is lower than the group's, before Terraform sets the maximum: it sends the maximum alone, and AWS refuses one below
 * the old minimum.
 */
export async function lowerMinimum(deps: MinimumDeps, min: number): Promise<boolean> {
  const { group } = await servingGroup(deps.fleet, deps.door);
  return group !== undefined && min < group.min && (await applyMinimum(deps, min));
}

async function servingGroup(fleet: Pick<Fleet, "groups">, door: Pick<Door, "weights">) {
  const serving = (await readServingColour(door)) ?? "blue";
  return { serving, group: (await fleet.groups())[serving] };
}

/** Unhealthy instances first. The group itself would end its oldest instance, which may be the only healthy one. */
function leastNeeded(
  instances: readonly GroupInstance[],
  health: readonly TargetHealth[],
): readonly string[] {
  const healthy = new Set(
    health.filter(({ state }) => state === "healthy").map(({ instance }) => instance),
  );
  return instances
    .filter(({ lifecycle }) => !lifecycle.startsWith("Terminat"))
    .map(({ id }) => id)
    .toSorted((one, other) => Number(healthy.has(one)) - Number(healthy.has(other)));
}
