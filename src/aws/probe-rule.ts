import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";

type LoadBalancing = Pick<ElasticLoadBalancingV2Client, "send">;

/** Name of the header that leads a request to the colour that is being proven. */
export const probeHeader = "x-infer-deploy-probe";

/**
 * Requests that carry the header with this value go to the target group, whatever the weights are. The rule stands before
 * all others, as the user's own ones may match the probe's path.
 */
export async function openProbeRule(
  loadBalancing: LoadBalancing,
  listenerArn: string,
  targetGroupArn: string,
  value: string,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const rules = await listRules(loadBalancing, listenerArn);
    // The SDK repeats a request whose answer was lost, and meets what it has made itself.
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
      // Somebody else made a rule meanwhile.
      const isInUse = error instanceof Error && error.name.startsWith("PriorityInUse");
      if (!isInUse || attempt === mostAttempts) {
        throw error;
      }
    }
  }
}

/** Takes away every rule of a probe: this release's, and what a killed one left. */
export async function closeProbeRules(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const rules = (await listRules(loadBalancing, listenerArn)).filter(isProbeRule);
  await Promise.all(
    rules.map(async (rule) => loadBalancing.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn }))),
  );
}

async function listRules(loadBalancing: LoadBalancing, listenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let marker: string | undefined;
  do {
    const page = await loadBalancing.send(
      new DescribeRulesCommand({ ListenerArn: listenerArn, Marker: marker }),
    );
    rules.push(...(page.Rules ?? []));
    marker = page.NextMarker;
  } while (marker !== undefined && marker !== "");
  return rules;
}

function isProbeRule(rule: Rule): boolean {
  return probeValues(rule).length > 0;
}

/** Values of the probe's header that lead to this rule; none when it is another kind of rule. */
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
