import type { ScalingGroupView, TargetGroupView } from "../observe/region-view.ts";

export interface Replacement {
  readonly region: string;
  readonly group: string;
  readonly instance: string;
}

/**
 * Members that a group with health check type ELB should replace, because one of its target groups finds them unhealthy.
 * The emulator applies the grace period, because it knows when an instance started.
 */
export function planReplacements(
  groups: readonly ScalingGroupView[],
  targetGroups: readonly TargetGroupView[],
): Replacement[] {
  return groups.flatMap((group) => {
    if (!group.checksLoadBalancer) return [];
    const own = targetGroups.filter((targetGroup) =>
      group.targetGroupArns.includes(targetGroup.arn),
    );
    const unhealthy = own.flatMap(({ targets }) =>
      targets.filter(({ state }) => state === "unhealthy"),
    );
    const ids = new Set(unhealthy.map(({ instance }) => instance));
    const lost = group.healthyMembers.filter((member) => ids.has(member));
    return lost.map((instance) => ({ region: group.region, group: group.name, instance }));
  });
}
