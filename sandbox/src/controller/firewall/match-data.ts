import type { MatchedRequest } from "./match-line.ts";

/** One element of PutMetricData's MetricData. */
export interface MatchDatum {
  readonly MetricName: "BlockedRequests" | "CountedRequests";
  readonly Dimensions: { readonly Name: string; readonly Value: string }[];
  readonly Timestamp: Date;
  readonly Unit: "Count";
  readonly Value: number;
}

/**
 * The metrics of AWS/WAFV2 for these requests, for each rule and for ALL rules, with the dimensions Region, Rule and WebACL
 * ("AWS WAF metrics and dimensions"). `nameOf` maps a web ACL's ARN to its metric name; requests of other web ACLs are left out.
 */
export function matchData(
  requests: readonly MatchedRequest[],
  region: string,
  nameOf: ReadonlyMap<string, string>,
): MatchDatum[] {
  const counts = new Map<
    string,
    {
      readonly rule: string;
      readonly acl: string;
      readonly metric: MatchDatum["MetricName"];
      at: number;
      count: number;
    }
  >();
  const add = (metric: MatchDatum["MetricName"], rule: string, acl: string, at: number) => {
    const key = `${metric} ${rule} ${acl}`;
    const found = counts.get(key) ?? { metric, rule, acl, at, count: 0 };
    counts.set(key, { ...found, at: Math.max(found.at, at), count: found.count + 1 });
  };
  for (const { acl: arn, at, matches } of requests) {
    const acl = nameOf.get(arn);
    if (acl === undefined) continue;
    for (const action of ["BLOCK", "COUNT"] as const) {
      const metric = action === "BLOCK" ? "BlockedRequests" : "CountedRequests";
      const rules = matches.filter((match) => match.action === action).map((match) => match.metric);
      for (const rule of new Set(rules)) add(metric, rule, acl, at);
      if (rules.length > 0) add(metric, "ALL", acl, at);
    }
  }
  return [...counts.values()].map(({ metric, rule, acl, at, count }) => ({
    MetricName: metric,
    Dimensions: [
      { Name: "Region", Value: region },
      { Name: "Rule", Value: rule },
      { Name: "WebACL", Value: acl },
    ],
    Timestamp: new Date(at),
    Unit: "Count",
    Value: count,
  }));
}

export const firewallNamespace = "AWS/WAFV2";
