import { groupsOf } from "../observe/listener-groups.ts";
import type { RegionView } from "../observe/region-view.ts";
import type { MetricKey } from "./samples.ts";

/** HealthyHostCount and UnHealthyHostCount, as AWS reports them: for every target group that a load balancer uses and that has targets. */
export function hostCounts(
  regions: readonly RegionView[],
): { readonly key: MetricKey; readonly value: number }[] {
  return regions.flatMap(({ listeners, targetGroups }) =>
    targetGroups.flatMap((group) => {
      const users = listeners.filter((listener) => groupsOf(listener).includes(group.arn));
      const registered = group.targets.filter(
        ({ state }) => state !== "draining" && state !== "unused",
      );
      if (registered.length === 0) return [];
      const count = (wanted: string) => registered.filter(({ state }) => state === wanted).length;
      return [...new Set(users.map(({ loadBalancer }) => loadBalancer))].flatMap((loadBalancer) => {
        const key = { loadBalancer, targetGroup: group.name };
        return [
          { key: { ...key, metric: "HealthyHostCount" }, value: count("healthy") },
          { key: { ...key, metric: "UnHealthyHostCount" }, value: count("unhealthy") },
        ];
      });
    }),
  );
}
