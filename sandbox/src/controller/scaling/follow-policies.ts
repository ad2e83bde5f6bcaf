import { paginateDescribePolicies, type ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { ControllerLog } from "../controller-log.ts";
import type { Emulator } from "../emulator.ts";
import { lastValue } from "../metrics/evaluate-alarms.ts";
import type { SampleStore } from "../metrics/samples.ts";
import type { RegionClients } from "../observe/region-clients.ts";
import type { InstanceView, ScalingGroupView } from "../observe/region-view.ts";
import { planTracking } from "./plan-tracking.ts";

export interface FollowDeps {
  readonly clients: RegionClients;
  readonly emulator: Pick<Emulator, "resize">;
  readonly store: SampleStore;
  readonly log: ControllerLog;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Changes the size of each group whose target tracking policy has an alarm that is on. */
export async function followPolicies(
  { clients, emulator, store, log, now }: FollowDeps,
  groups: readonly ScalingGroupView[],
  instances: readonly InstanceView[],
): Promise<void> {
  const launched = new Map(instances.map((one) => [one.id, one.launched]));
  for await (const page of paginateDescribePolicies({ client: clients.scaling }, {})) {
    for (const policy of page.ScalingPolicies ?? []) {
      const group = groups.find(({ name }) => name === policy.AutoScalingGroupName);
      const target = policy.TargetTrackingConfiguration?.TargetValue;
      if (group === undefined || target === undefined || policy.Enabled === false) continue;
      const alarm = await loudAlarm(clients, policy);
      if (alarm === undefined) continue;
      const isWarm = (id: string) =>
        now - (launched.get(id) ?? 0) >= (policy.EstimatedInstanceWarmup ?? group.warmup) * 1000;
      const warm = group.healthyMembers.filter(isWarm).length;
      const name = alarm.AlarmName ?? "";
      const desired = planTracking({
        group: group.name,
        policy: policy.PolicyName ?? "",
        target,
        alarm: { name, isHigh: name.includes("-AlarmHigh-") },
        value: (await lastValue(clients, store, alarm, now)) ?? null,
        min: group.min,
        max: group.max,
        desired: group.desired,
        warm,
        warming: group.desired - warm,
        suspended: group.suspended,
      });
      if (desired === null) continue;
      log.info("scaling policy", { group: group.name, alarm: name, from: group.desired, desired });
      const cause = `a monitor alarm ${name} in state ALARM triggered policy ${policy.PolicyName}`;
      await emulator.resize({ region: clients.region, group: group.name, desired, cause });
    }
  }
}

/** The policy's alarm that is on. */
async function loudAlarm(
  { watch }: RegionClients,
  { Alarms = [] }: ScalingPolicy,
): Promise<MetricAlarm | undefined> {
  if (Alarms.length === 0) return undefined;
  const AlarmNames = Alarms.flatMap(({ AlarmName }) => AlarmName ?? []);
  const answer = await watch.send(new DescribeAlarmsCommand({ AlarmNames, StateValue: "ALARM" }));
  return answer.MetricAlarms?.[0];
}
