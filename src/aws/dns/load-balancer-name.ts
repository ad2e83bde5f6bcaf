import {
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** The DNS name of the load balancer; undefined when there is none of this name. */
export async function loadBalancerDnsName(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  name: string,
): Promise<string | undefined> {
  try {
    const { LoadBalancers: [found] = [] } = await loadBalancing.send(
      new DescribeLoadBalancersCommand({ Names: [name] }),
    );
    return found?.DNSName;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("LoadBalancerNotFound")) return undefined;
    throw error;
  }
}
