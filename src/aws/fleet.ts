import {
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  DeleteScheduledActionCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutScheduledUpdateGroupActionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
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

/** Sets minimum and desired capacity; releases own both, Terraform ignores them. Without `desired` that one is left alone. */
export async function setCapacity(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  capacity: { readonly min: number; readonly desired?: number },
): Promise<void> {
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      MinSize: capacity.min,
      ...(capacity.desired === undefined ? {} : { DesiredCapacity: capacity.desired }),
    }),
  );
}

/**
 * Ends every instance of a group, one by one: a desired capacity of 0 that is raised again at once may never be acted on.
 * Resolves when all are on their way out.
 */
export async function clearGroup(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<void> {
  const [found] = await describeGroups(autoScaling, [group]);
  const live = (found?.instances ?? []).filter(
    ({ lifecycle }) => !/^(Terminat|Detach)/.test(lifecycle),
  );
  if (live.length === 0) {
    return;
  }
  await setCapacity(autoScaling, group, { min: 0 });
  await endInstances(
    autoScaling,
    live.map(({ id }) => id),
  );
}

/** Ends instances and lowers the desired capacity by their number. The group's minimum must allow it. */
export async function endInstances(
  autoScaling: Pick<AutoScalingClient, "send">,
  instances: readonly string[],
): Promise<void> {
  for (const InstanceId of instances) {
    await autoScaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
  }
}

/** At that time Auto Scaling takes the group to no instances, whether or not anything of ours still runs. Replaces an earlier one. */
export async function retireGroupAt(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  at: Date,
): Promise<void> {
  await autoScaling.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName: group,
      ScheduledActionName: retireAction,
      StartTime: at,
      MinSize: 0,
      DesiredCapacity: 0,
    }),
  );
}

/** The group keeps its instances after all. One that nothing is planned for is left as it is. */
export async function keepGroup(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<void> {
  try {
    await autoScaling.send(
      new DeleteScheduledActionCommand({
        AutoScalingGroupName: group,
        ScheduledActionName: retireAction,
      }),
    );
  } catch (error) {
    // AWS answers so for an action that does not exist, as when it has done its work.
    if (!(error instanceof Error && error.name === "ValidationError")) {
      throw error;
    }
  }
}

/** Takes instances out of traffic and lowers the desired capacity by their number, so that nothing replaces them. */
export async function enterStandby(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  instances: readonly string[],
): Promise<void> {
  for (const InstanceIds of batches(instances)) {
    await autoScaling.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: group,
        InstanceIds,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
  }
}

export async function exitStandby(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  instances: readonly string[],
): Promise<void> {
  for (const InstanceIds of batches(instances)) {
    await autoScaling.send(new ExitStandbyCommand({ AutoScalingGroupName: group, InstanceIds }));
  }
}

/** EnterStandby and ExitStandby take 20 instances at once. */
function batches(instances: readonly string[]): string[][] {
  const found: string[][] = [];
  for (let start = 0; start < instances.length; start += 20) {
    found.push(instances.slice(start, start + 20));
  }
  return found;
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

const retireAction = "infer-deploy-retire";
