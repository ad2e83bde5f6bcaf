import {
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { unlessGone } from "../unless-gone.ts";

/** The DNS name of the load balancer; undefined when there is none of this name. */
export async function loadBalancerDnsName(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  name: string,
): Promise<string | undefined> {
  const answer = await unlessGone(
    loadBalancing.send(new DescribeLoadBalancersCommand({ Names: [name] })),
  );
  return answer?.LoadBalancers?.[0]?.DNSName;
}
