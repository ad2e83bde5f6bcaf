import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Arn } from "../arn.ts";
import { unlessGone } from "../../unless-gone.ts";
import { thatExist, type Question } from "../question.ts";

/** One request for each: where one of several is missing, the service answers with an error for all of them. */
export const loadBalancing: Question = {
  service: "elasticloadbalancing",
  kinds: ["loadbalancer", "listener", "listener-rule", "targetgroup"],
  ask: async (aws, _stack, listed) => {
    const client = await aws.loadBalancing();
    return thatExist(listed, async (arn) => exists(client, arn));
  },
};

async function exists(
  client: Pick<ElasticLoadBalancingV2Client, "send">,
  { kind, text }: Arn,
): Promise<boolean> {
  const asked = {
    loadbalancer: async () =>
      client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [text] })),
    listener: async () => client.send(new DescribeListenersCommand({ ListenerArns: [text] })),
    "listener-rule": async () => client.send(new DescribeRulesCommand({ RuleArns: [text] })),
    targetgroup: async () =>
      client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [text] })),
  }[kind];
  const answer = asked === undefined ? undefined : await unlessGone<object>(asked());
  return Object.values(answer ?? {}).some((items) => Array.isArray(items) && items.length > 0);
}
