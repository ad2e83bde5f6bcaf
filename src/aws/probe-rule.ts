import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { everyItem } from "./every-item.ts";

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
  for (let attempt = 1; ; attempt += 1) {
    const rules = await listRules(loadBalancing, listenerArn);
    // The SDK repeats a request whose answer was lost, and may find its own rule.
    if (rules.some((rule) => probeValues(rule).includes(value))) {
      return;
    }
    try {
      await loadBalancing.send(
        new CreateRuleCommand({
          ListenerArn: listenerArn,
          Priority: firstFree(rules),
          Conditions: [
            {
              Field: "http-header",
              HttpHeaderConfig: { HttpHeaderName: probeHeader, Values: [value] },
            },
          ],
          Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
        }),
      );
      return;
    } catch (error) {
      // Another program has just created a rule with this priority.
      const isInUse = error instanceof Error && error.name.startsWith("PriorityInUse");
      if (!isInUse || attempt === mostAttempts) {
        throw error;
      }
    }
  }
}

/** Removes every probe rule: this release's, and those that a killed one left. */
export async function closeProbeRules(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const rules = (await listRules(loadBalancing, listenerArn)).filter(isProbeRule);
  await Promise.all(
    rules.map(async (rule) => loadBalancing.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn }))),
  );
}

async function listRules(
  loadBalancing: LoadBalancing,
  ListenerArn: string,
): Promise<readonly Rule[]> {
  return everyItem(async (Marker) => {
    const page = await loadBalancing.send(new DescribeRulesCommand({ ListenerArn, Marker }));
    return { items: page.Rules, next: page.NextMarker };
  });
}

function isProbeRule(rule: Rule): boolean {
  return probeValues(rule).length > 0;
}

/** The values of the probe's header that match this rule; none for other kinds of rules. */
function probeValues(rule: Rule): readonly string[] {
  return (rule.Conditions ?? []).flatMap(({ HttpHeaderConfig: header }) =>
    header?.HttpHeaderName?.toLowerCase() === probeHeader ? (header.Values ?? []) : [],
  );
}

function firstFree(rules: readonly Rule[]): number {
  const taken = new Set(rules.map((rule) => rule.Priority));
  let priority = 1;
  while (taken.has(String(priority))) {
    priority += 1;
  }
  return priority;
}

const mostAttempts = 5;
