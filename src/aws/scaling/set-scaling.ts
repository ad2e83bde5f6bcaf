import {
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";

/** The names of the group that has the traffic and of the other one. */
export interface ServingAndIdle {
  readonly serving: string;
  readonly idle: string;
}

/**
 * Lets the policies and schedules of the serving group act, or rest while a release runs. Those of the idle group always rest, so that it
 * never wakes; its one-time clean-up must still run, so its scheduled actions do.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export async function setScaling(
  autoScaling: Pick<AutoScalingClient, "send">,
  { serving, idle }: ServingAndIdle,
  isOn: boolean,
): Promise<void> {
  // The idle group first: at no moment may both act.
  await suspend(autoScaling, idle, [policies]);
  await resume(autoScaling, idle, [schedules]);
  await (isOn ? resume : suspend)(autoScaling, serving, [policies, schedules]);
}

async function suspend(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  processes: readonly string[],
): Promise<void> {
  await autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [...processes] }),
  );
}

async function resume(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  processes: readonly string[],
): Promise<void> {
  await autoScaling.send(
    new ResumeProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [...processes] }),
  );
}

/** The process that lets alarms change a group's size. */
export const policies = "AlarmNotification";
const schedules = "ScheduledActions";
