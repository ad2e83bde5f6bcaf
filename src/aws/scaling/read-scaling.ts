import {
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  type Activity,
  type AutoScalingClient,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";

/** What changes the size of a group, and how that did so last. */
export interface Scaling {
  readonly policies: readonly TrackingPolicy[];
  /** Null when nothing did among the group's latest activities. */
  readonly last: SizeChange | null;
}

export interface TrackingPolicy {
  readonly name: string;
  /** AWS's name, such as ALBRequestCountPerTarget. */
  readonly metric: string;
  readonly target: number;
}

export interface SizeChange {
  /** ISO 8601 */
  readonly at: string;
  readonly from: number;
  readonly to: number;
  /** The policy or the schedule. */
  readonly by: string;
}

/** Throws the SDK's own errors. */
export async function readScaling(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<Scaling> {
  const [policies, activities] = await Promise.all([
    autoScaling.send(new DescribePoliciesCommand({ AutoScalingGroupName: group })),
    autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: mostRead }),
    ),
  ]);
  const changes = (activities.Activities ?? []).flatMap(sizeChange);
  return {
    policies: (policies.ScalingPolicies ?? []).flatMap(trackingPolicy),
    last: changes.toSorted((one, other) => other.at.localeCompare(one.at))[0] ?? null,
  };
}

function trackingPolicy({
  PolicyName: name = "",
  TargetTrackingConfiguration: tracking,
}: ScalingPolicy): readonly TrackingPolicy[] {
  if (tracking?.TargetValue === undefined) return [];
  const metric =
    tracking.PredefinedMetricSpecification?.PredefinedMetricType ??
    tracking.CustomizedMetricSpecification?.MetricName ??
    "";
  return [{ name, metric, target: tracking.TargetValue }];
}

/** From the words of the cause: the changes of people and of releases have others. */
function sizeChange({ Cause: cause = "", StartTime: at }: Activity): readonly SizeChange[] {
  const found =
    /(?:triggered policy|scheduled action) (?<by>\S+).*?changing the desired capacity from (?<from>\d+) to (?<to>\d+)/.exec(
      cause,
    )?.groups;
  if (found === undefined || at === undefined) return [];
  const { by = "", from, to } = found;
  return [{ at: at.toISOString(), from: Number(from), to: Number(to), by }];
}

const mostRead = 50;
