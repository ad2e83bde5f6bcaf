import {
  DescribeAutoScalingGroupsCommand,
  DeleteScheduledActionCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutScheduledUpdateGroupActionCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";
import { serverTime } from "./server-time.ts";

export interface GroupSnapshot {
  readonly name: string;
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  /** Availability zones that it launches in. */
  readonly zones: readonly string[];
  readonly instances: readonly GroupInstance[];
}

export interface GroupInstance {
  readonly id: string;
  readonly zone: string;
  /** Auto Scaling's lifecycle state: Pending, InService, Standby, Terminating, ... */
  readonly lifecycle: string;
}

/** Leaves out groups that do not exist. */
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
    zones: group.AvailabilityZones ?? [],
    instances: (group.Instances ?? []).map((instance) => ({
      id: instance.InstanceId ?? "",
      zone: instance.AvailabilityZone ?? "",
      lifecycle: instance.LifecycleState ?? "",
    })),
  }));
}

/** Sets minimum and desired capacity. Releases own both, and Terraform ignores them. Without `desired` only the minimum changes. */
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
 * Ends every instance of a group, one by one: Auto Scaling may never act on a desired capacity of 0 that is raised again
 * at once. Resolves when all of them are terminating.
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

/** Ends instances and lowers the desired capacity by their number, which the group's minimum must allow. */
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

/**
 * Schedules that Auto Scaling empties the group in so many seconds, even if no infer-deploy runs then. Replaces an earlier schedule.
 * AWS refuses a time in its past, so its own clock counts, not this machine's.
 */
export async function retireGroupIn(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  seconds: number,
): Promise<void> {
  const now = await serverTime(autoScaling);
  await autoScaling.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName: group,
      ScheduledActionName: retireAction,
      StartTime: new Date(now.getTime() + seconds * 1000),
      MinSize: 0,
      DesiredCapacity: 0,
    }),
  );
}

/** Cancels the schedule of `retireGroupAt`, if there is one: the group keeps its instances. */
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
    // AWS's answer when the action does not exist, for example because it has already run.
    if (!(error instanceof Error && error.name === "ValidationError")) {
      throw error;
    }
  }
}

/**
 * Whether the group may launch instances to spread itself over its zones again. Standby can unbalance it, and Auto Scaling would launch an
 * instance in one zone and end another elsewhere.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export async function setBalancing(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  isOn: boolean,
): Promise<void> {
  const input = { AutoScalingGroupName: group, ScalingProcesses: ["AZRebalance"] };
  await (isOn
    ? autoScaling.send(new ResumeProcessesCommand(input))
    : autoScaling.send(new SuspendProcessesCommand(input)));
}

/** Takes instances out of traffic and lowers the desired capacity by their number, so that they are not replaced. */
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

/** EnterStandby and ExitStandby accept 20 instances at once. */
function batches(instances: readonly string[]): string[][] {
  const found: string[][] = [];
  for (let start = 0; start < instances.length; start += 20) {
    found.push(instances.slice(start, start + 20));
  }
  return found;
}

const retireAction = "infer-deploy-retire";
