import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { closeProbeRules, openProbeRule, probeHeader } from "./probe-rule.ts";

/** A listener with rules of its user's. `beforeCreate` is what others do between the look and the making. */
function fakeListener(
  priorities: readonly number[],
  beforeCreate: (rules: Rule[]) => void = () => undefined,
) {
  const listener = {
    rules: priorities.map((priority): Rule => ({
      RuleArn: `users-${priority}`,
      Priority: String(priority),
    })),
  };
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeRulesCommand) {
      return { Rules: [...listener.rules, { RuleArn: "default", Priority: "default" }] };
    }
    if (command instanceof CreateRuleCommand) {
      beforeCreate(listener.rules);
      const Priority = String(command.input.Priority);
      if (listener.rules.some((rule) => rule.Priority === Priority)) {
        throw Object.assign(new Error("in use"), { name: "PriorityInUseException" });
      }
      listener.rules.push({ ...command.input, RuleArn: `ours-${Priority}`, Priority });
      return {};
    }
    if (command instanceof DeleteRuleCommand) {
      listener.rules = listener.rules.filter((rule) => rule.RuleArn !== command.input.RuleArn);
      return {};
    }
    throw new Error(`the fake listener does not know ${(command as object).constructor.name}`);
  };
  return { listener, client: { send } as unknown as Pick<ElasticLoadBalancingV2Client, "send"> };
}

test("the rule takes the first free place before the user's own, and goes without a trace", async () => {
  const { listener, client } = fakeListener([1, 2, 5]);
  await openProbeRule(client, "arn:listener", "arn:green", "secret");
  const rule = listener.rules.find(({ RuleArn }) => RuleArn === "ours-3");
  expect(rule?.Conditions?.[0]?.HttpHeaderConfig).toEqual({
    HttpHeaderName: probeHeader,
    Values: ["secret"],
  });
  expect(rule?.Actions).toEqual([{ Type: "forward", TargetGroupArn: "arn:green" }]);
  await closeProbeRules(client, "arn:listener");
  expect(listener.rules.map(({ RuleArn }) => RuleArn)).toEqual(["users-1", "users-2", "users-5"]);
});

test("a priority that another program takes meanwhile is left alone", async () => {
  let isFirst = true;
  const { listener, client } = fakeListener([], (rules) => {
    if (isFirst) rules.push({ RuleArn: "theirs", Priority: "1" });
    isFirst = false;
  });
  await openProbeRule(client, "arn:listener", "arn:green", "secret");
  expect(listener.rules.map(({ RuleArn }) => RuleArn)).toEqual(["theirs", "ours-2"]);
});

test("a rule that is there already, because its answer was lost, is not made twice", async () => {
  const { listener, client } = fakeListener([]);
  await openProbeRule(client, "arn:listener", "arn:green", "secret");
  await openProbeRule(client, "arn:listener", "arn:green", "secret");
  expect(listener.rules).toHaveLength(1);
});
