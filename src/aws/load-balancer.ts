import {
  DescribeListenersCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

export interface TargetHealth {
  readonly instance: string;
  /** initial, healthy, unhealthy, draining, unused, unavailable */
  readonly state: string;
  /** AWS's reason code and its description; empty when healthy. */
  readonly reason: string;
}

/** Weight of each target group ARN in the listener's default action. */
export async function listenerWeights(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
): Promise<ReadonlyMap<string, number>> {
  const answer = await loadBalancing.send(
    new DescribeListenersCommand({ ListenerArns: [listenerArn] }),
  );
  const forward = answer.Listeners?.[0]?.DefaultActions?.find(
    (action) => action.Type === "forward",
  );
  const groups = forward?.ForwardConfig?.TargetGroups ?? [];
  return new Map(groups.map((group) => [group.TargetGroupArn ?? "", group.Weight ?? 0]));
}

export async function targetHealth(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  targetGroupArn: string,
): Promise<readonly TargetHealth[]> {
  const answer = await loadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return (answer.TargetHealthDescriptions ?? []).map((description) => ({
    instance: description.Target?.Id ?? "",
    state: description.TargetHealth?.State ?? "unknown",
    reason: [description.TargetHealth?.Reason, description.TargetHealth?.Description]
      .filter(Boolean)
      .join(": "),
  }));
}
