import {
  ModifyListenerCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describeListener } from "../load-balancer.ts";
import { forwardsOf, siblingsOf } from "./listeners.ts";

/**
 * Makes port 80 do what this listener of the same load balancer does. With a domain port 80 redirects, and once the domain is removed
 * it serves. Does nothing when the load balancer has no other listener on port 80.
 */
export async function serveOnPort80(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
): Promise<void> {
  const own = await describeListener(loadBalancing, listenerArn);
  const port80 = (await siblingsOf(loadBalancing, own)).find(({ Port }) => Port === 80);
  if (port80 === undefined || port80.ListenerArn === listenerArn) return;
  await loadBalancing.send(
    new ModifyListenerCommand({
      ListenerArn: port80.ListenerArn,
      // Without HTTPS there can be no login.
      DefaultActions: [...forwardsOf(own)],
    }),
  );
}
