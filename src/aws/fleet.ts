import {
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";

export interface GroupSnapshot {
  readonly name: string;
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  readonly instances: readonly GroupInstance[];
}

export interface GroupInstance {
  readonly id: string;
  readonly zone: string;
  /** Auto Scaling's lifecycle state: Pending, InService, Standby, Terminating, ... */
  readonly lifecycle: string;
}

/** Groups that do not exist are left out of the answer. */
export async function describeGroups(
  autoScaling: Pick<AutoScalingClient, "send">,
  names: readonly string[],
): Promise<readonly GroupSnapshot[]> {
  const answer = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names] }),
  );
  return (answer.AutoScalingGroups ?? []).map((group) => ({
    name: group.AutoScalingGroupName ?? "",
    min: group.MinSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    max: group.MaxSize ?? 0,
    instances: (group.Instances ?? []).map((instance) => ({
      id: instance.InstanceId ?? "",
      zone: instance.AvailabilityZone ?? "",
      lifecycle: instance.LifecycleState ?? "",
    })),
  }));
}

/** Sets minimum and desired capacity; releases own both, Terraform ignores them. */
export async function setCapacity(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  capacity: { readonly min: number; readonly desired: number },
): Promise<void> {
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      MinSize: capacity.min,
      DesiredCapacity: capacity.desired,
    }),
  );
}

export interface LaunchFailure {
  /** In AWS's words. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Why the group's newest launch failed; null when it did not fail. */
export async function lastLaunchFailure(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<LaunchFailure | null> {
  const answer = await autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: 1 }),
  );
  const newest = answer.Activities?.[0];
  if (newest?.StatusCode !== "Failed") {
    return null;
  }
  return {
    reason: newest.StatusMessage ?? newest.Description ?? "unknown",
    at: (newest.StartTime ?? new Date(0)).toISOString(),
  };
}
