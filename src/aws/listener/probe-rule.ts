import {
  DeleteRuleCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { addRule, headerCondition, headerValues, listRules } from "./rules.ts";

type LoadBalancing = Pick<ElasticLoadBalancingV2Client, "send">;

/** The header that routes a request to the colour under test. */
export const probeHeader = "x-infer-deploy-probe";

/**
 * Routes requests with this value of the header to the target group, whatever the weights are. The rule comes before all
 * others, because the user's own rules may match the probe's path.
 */
export async function openProbeRule(
  loadBalancing: LoadBalancing,
  listenerArn: string,
  targetGroupArn: string,
  value: string,
): Promise<void> {
  await addRule(
    loadBalancing,
    listenerArn,
    {
      Conditions: [headerCondition(probeHeader, value)],
      Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    },
    { firstPriority: 1, isOwn: (rule) => headerValues(rule, probeHeader).includes(value) },
  );
}

/** Removes every probe rule: this release's, and those that a killed one left. */
export async function closeProbeRules(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const rules = (await listRules(loadBalancing, listenerArn)).filter(
    (rule) => headerValues(rule, probeHeader).length > 0,
  );
  await Promise.all(
    rules.map(async (rule) => loadBalancing.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn }))),
  );
}
