import { expect, test } from "vitest";
import { readWebAcl, type WebAclAnswer } from "./web-acl.ts";

type Rule = WebAclAnswer["Rules"][number];

const visible = (name: string) => ({ VisibilityConfig: { MetricName: `${name}-metric` } });
const group = (name: string, more: object = {}): Rule => ({
  Name: name,
  Priority: 3,
  Action: null,
  OverrideAction: { None: {} },
  Statement: { ManagedRuleGroupStatement: { VendorName: "AWS", Name: name, ...more } },
  ...visible(name),
});
const rate = (more: object = {}): Rule => ({
  Name: "rate",
  Priority: 4,
  Action: { Block: {} },
  OverrideAction: null,
  Statement: { RateBasedStatement: { Limit: 100, AggregateKeyType: "IP", ...more } },
  ...visible("rate"),
});
const common = "AWSManagedRulesCommonRuleSet";

function read(rules: readonly Rule[]) {
  return readWebAcl({ ARN: "arn", DefaultAction: { Allow: {} }, Rules: rules, ...visible("acl") });
}

test("groups and rates by their priority, with AWS's window unless one is given", () => {
  const bad = { ...group("AWSManagedRulesKnownBadInputsRuleSet"), Priority: 2 };
  expect(read([rate(), group(common), bad])).toEqual({
    arn: "arn",
    metric: "acl-metric",
    default: "ALLOW",
    ignored: [],
    rules: [
      expect.objectContaining({ group: "AWSManagedRulesKnownBadInputsRuleSet" }),
      { name: common, metric: `${common}-metric`, action: "BLOCK", group: common, overrides: {} },
      { name: "rate", metric: "rate-metric", action: "BLOCK", limit: 100, window: 300 },
    ],
  });
});

test("rules that count: a whole group, single rules of it, and a rate", () => {
  const overrides = {
    RuleActionOverrides: [{ Name: "SizeRestrictions_BODY", ActionToUse: { Count: {} } }],
    ExcludedRules: [{ Name: "GenericLFI_BODY" }],
  };
  const counting = { ...group(common, overrides), OverrideAction: { Count: {} } };
  const [first, second] = read([counting, { ...rate(), Action: { Count: {} } }]).rules;
  expect(first).toMatchObject({
    action: "COUNT",
    overrides: { SizeRestrictions_BODY: "COUNT", GenericLFI_BODY: "COUNT" },
  });
  expect(second?.action).toBe("COUNT");
});

test("a rule's own status, and the window", () => {
  const busy = { Block: { CustomResponse: { ResponseCode: 429 } } };
  const [one] = read([{ ...rate({ EvaluationWindowSec: 60 }), Action: busy }]).rules;
  expect(one).toMatchObject({ status: 429, window: 60 });
});

test.each([
  ["a list that only AWS has", group("AWSManagedRulesAmazonIpReputationList")],
  ["another vendor's group", group(common, { VendorName: "F5" })],
  ["a group for a part of the requests", group(common, { ScopeDownStatement: {} })],
  ["a rate by another key", rate({ AggregateKeyType: "FORWARDED_IP" })],
  ["a rate for a part of the requests", rate({ ScopeDownStatement: {} })],
  ["another statement", { ...rate(), Statement: {} }],
])("%s is ignored, and named", (_, rule) => {
  expect(read([rule])).toMatchObject({ rules: [], ignored: [rule.Name] });
});

test("what the emulator returns as null is not there", () => {
  expect(read([rate({ ScopeDownStatement: null })]).ignored).toEqual([]);
});
