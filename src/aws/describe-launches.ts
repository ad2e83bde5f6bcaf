import {
  DescribeScalingActivitiesCommand,
  type Activity,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";

/** One attempt of Auto Scaling to launch an instance. */
export interface Launch {
  /** Of the scaling activity. */
  readonly id: string;
  /** Empty when AWS does not name it. */
  readonly zone: string;
  readonly state: "open" | "done" | "failed";
  /** AWS's words for a failed one; else empty. */
  readonly reason: string;
}

/**
 * The group's last launches, newest first by the time of their start. AWS itself lists those in progress first, whenever they began:
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
 */
export async function recentLaunches(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<readonly Launch[]> {
  const answer = await autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: mostRead }),
  );
  return (answer.Activities ?? [])
    .filter((activity) => /^Launch/i.test(activity.Description ?? ""))
    .toSorted((one, other) => startOf(other) - startOf(one))
    .map((activity) => {
      const state = stateOf(activity);
      const words = activity.StatusMessage ?? activity.Description ?? "unknown";
      return {
        id: activity.ActivityId ?? "",
        zone: zoneOf(activity.Details ?? ""),
        state,
        reason: state === "failed" ? words : "",
      };
    });
}

function startOf({ StartTime }: Activity): number {
  return StartTime?.getTime() ?? 0;
}

/** Cancelled counts as failed: AWS gives both to launches that came to nothing. */
function stateOf({ StatusCode: code }: Activity): Launch["state"] {
  if (code === "Failed" || code === "Cancelled") {
    return "failed";
  }
  return code === "Successful" ? "done" : "open";
}

/** Details are JSON in a string, such as {"Availability Zone":"eu-west-1a"}. */
function zoneOf(details: string): string {
  return /"Availability Zone"\s*:\s*"([^"]+)"/.exec(details)?.[1] ?? "";
}

const mostRead = 20;
