import type { Config } from "../../config/schema/config.ts";
import { profiles } from "../../config/schema/fleet/workload.ts";
import { formatDuration } from "../../config/fields/time/duration.ts";

/** One line of the plan: what the workload chose, and why; where a key overrides it, that. */
export function workloadLines({
  workload,
  instances,
  alarms,
  scaling,
}: Pick<Config, "alarms" | "instances" | "scaling" | "workload">): readonly string[] {
  if (workload === null) return [];
  const { reason, type } = profiles[workload];
  const why = instances.type === type ? reason : `instances.type is your own instead of ${type}`;
  const scale = scaling.metric === null ? "" : `, scaling by ${scaling.series ?? scaling.metric}`;
  return [
    `workload ${workload}: ${instances.type} with ${instances.diskGb} GB, alarm at a p99 of ${formatDuration(alarms.p99Seconds)}${scale} (${why})`,
  ];
}
