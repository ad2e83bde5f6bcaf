import {
  DescribeListenersCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Listener,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { asAccepted } from "../load-balancer.ts";

/** All listeners of the load balancer of this one. Throws the SDK's own errors. */
export async function siblingsOf(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listener: Listener | undefined,
): Promise<readonly Listener[]> {
  const { Listeners: all = [] } = await loadBalancing.send(
    new DescribeListenersCommand({ LoadBalancerArn: listener?.LoadBalancerArn }),
  );
  return all;
}

/** Where a listener sends requests, without a login before that, in the form that AWS accepts. */
export function forwardsOf(listener: Listener | undefined): readonly Action[] {
  return (listener?.DefaultActions ?? []).filter(({ Type }) => Type === "forward").map(asAccepted);
}

/** Whether AWS refused because there is no such listener. */
export function isNoListener(error: unknown): boolean {
  return error instanceof Error && /^ListenerNotFound(Exception)?$/.test(error.name);
}
