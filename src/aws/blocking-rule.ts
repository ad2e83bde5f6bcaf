import {
  GetSampledRequestsCommand,
  GetWebACLForResourceCommand,
  type HTTPHeader,
  type WAFV2Client,
} from "@aws-sdk/client-wafv2";

/**
 * The rule of the load balancer's web ACL that blocked a request with this header in the time, such as
 * AWS#AWSManagedRulesCommonRuleSet#GenericLFI_QUERYARGUMENTS. Undefined when none did among the requests that AWS WAF has sampled, or when
 * there is no web ACL. The time may be three hours long. Throws the SDK's own errors.
 * Source: API_GetSampledRequests in AWS WAF's API reference.
 */
export async function blockingRule(
  waf: Pick<WAFV2Client, "send">,
  loadBalancerArn: string,
  header: string,
  time: { readonly from: Date; readonly to: Date },
): Promise<string | undefined> {
  const { WebACL } = await waf.send(
    new GetWebACLForResourceCommand({ ResourceArn: loadBalancerArn }),
  );
  for (const { Name, VisibilityConfig } of WebACL?.Rules ?? []) {
    const { SampledRequests = [] } = await waf.send(
      new GetSampledRequestsCommand({
        WebAclArn: WebACL?.ARN,
        RuleMetricName: VisibilityConfig?.MetricName,
        Scope: "REGIONAL",
        TimeWindow: { StartTime: time.from, EndTime: time.to },
        MaxItems: 500,
      }),
    );
    const blocked = SampledRequests.find(
      ({ Action, Request }) => Action === "BLOCK" && has(Request?.Headers, header),
    );
    if (blocked !== undefined) return blocked.RuleNameWithinRuleGroup ?? Name;
  }
  return undefined;
}

function has(headers: readonly HTTPHeader[] = [], name: string): boolean {
  return headers.some(({ Name = "" }) => Name.toLowerCase() === name);
}
