import { GetSampledRequestsCommand, type SampledHTTPRequest } from "@aws-sdk/client-wafv2";
import { expect, test } from "vitest";
import { blockingRule } from "./blocking-rule.ts";

const time = { from: new Date("2026-06-01T12:00:00Z"), to: new Date("2026-06-01T12:10:00Z") };

/** A web ACL with two rules. `samples`: what AWS WAF has kept of each, by its metric. */
function waf(samples: Readonly<Record<string, readonly SampledHTTPRequest[]>> | null) {
  const asked: unknown[] = [];
  const send = async (command: object): Promise<object> => {
    if (command instanceof GetSampledRequestsCommand) {
      asked.push(command.input);
      return { SampledRequests: samples?.[command.input.RuleMetricName ?? ""] ?? [] };
    }
    const rule = (name: string): object => ({
      Name: name,
      VisibilityConfig: { MetricName: `${name}-metric` },
    });
    return samples === null ? {} : { WebACL: { ARN: "acl", Rules: [rule("group"), rule("rate")] } };
  };
  const ask = async () => blockingRule({ send: send as never }, "balancer", "x-probe", time);
  return { ask, asked };
}

function sample(
  Action: string,
  header: string,
  RuleNameWithinRuleGroup?: string,
): SampledHTTPRequest {
  return {
    Request: {
      Headers: [
        { Name: "Host", Value: "app" },
        { Name: header, Value: "1" },
      ],
    },
    Action,
    Weight: 1,
    ...(RuleNameWithinRuleGroup === undefined ? {} : { RuleNameWithinRuleGroup }),
  };
}

test("the rule of a group that has blocked a request with the header", async () => {
  const samples = [
    sample("BLOCK", "other", "AWS#Group#NotThisOne"),
    sample("COUNT", "x-probe", "AWS#Group#CountsOnly"),
    sample("BLOCK", "X-Probe", "AWS#Group#GenericLFI_QUERYARGUMENTS"),
  ];
  const { ask, asked } = waf({ "group-metric": samples });
  expect(await ask()).toBe("AWS#Group#GenericLFI_QUERYARGUMENTS");
  expect(asked).toEqual([
    expect.objectContaining({
      WebAclArn: "acl",
      Scope: "REGIONAL",
      TimeWindow: { StartTime: time.from, EndTime: time.to },
    }),
  ]);
});

test("a rule outside of a group has its own name", async () => {
  expect(await waf({ "rate-metric": [sample("BLOCK", "x-probe")] }).ask()).toBe("rate");
});

test("no rule is named when no sample is the probe's, and without a web ACL", async () => {
  expect(await waf({ "group-metric": [sample("ALLOW", "x-probe")] }).ask()).toBeUndefined();
  expect(await waf(null).ask()).toBeUndefined();
});
