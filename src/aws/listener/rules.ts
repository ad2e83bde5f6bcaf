import {
  CreateRuleCommand,
  DescribeRulesCommand,
  type CreateRuleCommandInput,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { everyItem } from "../every-item.ts";

type LoadBalancing = Pick<ElasticLoadBalancingV2Client, "send">;

/** All rules of a listener. Throws the SDK's own errors. */
export async function listRules(
  loadBalancing: LoadBalancing,
  ListenerArn: string,
): Promise<readonly Rule[]> {
  return everyItem(async (Marker) => {
    const page = await loadBalancing.send(new DescribeRulesCommand({ ListenerArn, Marker }));
    return { items: page.Rules, next: page.NextMarker };
  });
}

/** Adds a rule with the first free priority from `firstPriority` on, unless there is one that `isOwn` knows. Throws the SDK's own errors. */
export async function addRule(
  loadBalancing: LoadBalancing,
  ListenerArn: string,
  rule: Pick<CreateRuleCommandInput, "Actions" | "Conditions">,
  {
    firstPriority,
    isOwn,
  }: { readonly firstPriority: number; readonly isOwn: (found: Rule) => boolean },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const rules = await listRules(loadBalancing, ListenerArn);
    // The SDK repeats a request whose answer was lost, and is refused the place of its own rule.
    if (rules.some(isOwn)) return;
    const Priority = firstFree(rules, firstPriority);
    try {
      await loadBalancing.send(new CreateRuleCommand({ ...rule, ListenerArn, Priority }));
      return;
    } catch (error) {
      // Its own rule, or one that another program has just created.
      const isInUse = error instanceof Error && error.name.startsWith("PriorityInUse");
      if (!isInUse || attempt === mostAttempts) throw error;
    }
  }
}

/** A condition on a request's header, for `addRule`. */
export function headerCondition(name: string, value: string) {
  return { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: name, Values: [value] } };
}

/** The values of the header that match this rule; none for other kinds of rules. `name`: in lower case. */
export function headerValues(rule: Rule, name: string): readonly string[] {
  return (rule.Conditions ?? []).flatMap(({ HttpHeaderConfig: header }) =>
    header?.HttpHeaderName?.toLowerCase() === name ? (header.Values ?? []) : [],
  );
}

function firstFree(rules: readonly Rule[], first: number): number {
  const taken = new Set(rules.map((rule) => rule.Priority));
  let priority = first;
  while (taken.has(String(priority))) priority += 1;
  return priority;
}

const mostAttempts = 5;
