import { type ActionAnswer, readAction, type RuleAction } from "./rule-action.ts";
import { type OwnRule, readRuleGroup, type RuleGroupAnswer } from "./rule-group.ts";

/** A web ACL of AWS WAF, reduced to what the engine evaluates. */
export interface WebAclView {
  readonly arn: string;
  /** The name in CloudWatch's WebACL dimension. */
  readonly metric: string;
  readonly default: RuleAction;
  /** In the order of their priority. */
  readonly rules: readonly WebAclRule[];
  /** Names of rules that the engine does not evaluate; they never match. */
  readonly ignored: readonly string[];
}

/** A managed rule group (`group`), one of the account (`rules`) or a rate-based rule (`limit`). The engine reads these fields: sandbox/region/waf/policy.go. */
export interface WebAclRule {
  readonly name: string;
  /** The name in CloudWatch's Rule dimension and in GetSampledRequests. */
  readonly metric: string;
  /** COUNT at a group overrides what its rules would do. */
  readonly action: RuleAction;
  readonly group?: string;
  readonly rules?: readonly OwnRule[];
  /** Rule of the group -> its action. */
  readonly overrides?: Readonly<Record<string, RuleAction>>;
  /** Requests of one source address in `window` seconds. */
  readonly limit?: number;
  readonly window?: number;
  /** The answer to what a rate-based rule blocks; 403 without it. */
  readonly status?: number;
}

/** A web ACL as GetWebACL returns it, as far as it is read. */
export interface WebAclAnswer {
  readonly ARN: string;
  readonly DefaultAction: ActionAnswer;
  readonly VisibilityConfig: { readonly MetricName: string };
  readonly Rules: readonly RuleAnswer[];
  /** ARN -> rule group, which the emulator adds. */
  readonly RuleGroups?: Readonly<Record<string, RuleGroupAnswer>>;
}

interface RuleAnswer {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: ActionAnswer | null;
  readonly OverrideAction?: ActionAnswer | null;
  readonly VisibilityConfig: { readonly MetricName: string };
  readonly Statement: {
    readonly ManagedRuleGroupStatement?: ManagedStatement;
    readonly RateBasedStatement?: RateStatement;
    readonly RuleGroupReferenceStatement?: { readonly ARN: string };
  };
}

interface ManagedStatement {
  readonly VendorName: string;
  readonly Name: string;
  readonly ScopeDownStatement?: unknown;
  readonly RuleActionOverrides?: readonly {
    readonly Name: string;
    readonly ActionToUse: ActionAnswer;
  }[];
  readonly ExcludedRules?: readonly { readonly Name: string }[];
}

interface RateStatement {
  readonly Limit: number;
  readonly EvaluationWindowSec?: number;
  readonly AggregateKeyType: string;
  readonly ScopeDownStatement?: unknown;
}

/** Statements that the engine does not know are in `ignored`, because guessing what they match could block good requests. */
export function readWebAcl(answer: WebAclAnswer): WebAclView {
  const ordered = answer.Rules.toSorted((one, other) => one.Priority - other.Priority);
  const read = ordered.map((rule) => ({
    name: rule.Name,
    rule: readRule(rule, answer.RuleGroups),
  }));
  return {
    arn: answer.ARN,
    metric: answer.VisibilityConfig.MetricName,
    default: readAction(answer.DefaultAction) ?? "ALLOW",
    rules: read.flatMap(({ rule }) => rule ?? []),
    ignored: read.flatMap(({ name, rule }) => (rule === undefined ? [name] : [])),
  };
}

function readRule(
  rule: RuleAnswer,
  groups: WebAclAnswer["RuleGroups"] = {},
): WebAclRule | undefined {
  const base = { name: rule.Name, metric: rule.VisibilityConfig.MetricName };
  const {
    ManagedRuleGroupStatement: managed,
    RateBasedStatement: rate,
    RuleGroupReferenceStatement: reference,
  } = rule.Statement;
  if (reference !== undefined) {
    const group = groups[reference.ARN];
    const rules = group && readRuleGroup(group);
    return rules && { ...base, action: overridden(rule), rules };
  }
  if (managed !== undefined) {
    if (managed.VendorName !== "AWS" || hasScope(managed) || !modelled.has(managed.Name))
      return undefined;
    const excluded = (managed.ExcludedRules ?? []).map(({ Name }) => [Name, "COUNT"] as const);
    const chosen = (managed.RuleActionOverrides ?? []).map(
      // CAPTCHA and Challenge need a browser; here they let the request pass.
      ({ Name, ActionToUse }) => [Name, readAction(ActionToUse) ?? "COUNT"] as const,
    );
    return {
      ...base,
      action: overridden(rule),
      group: managed.Name,
      overrides: Object.fromEntries([...excluded, ...chosen]),
    };
  }
  const action = readAction(rule.Action);
  if (
    rate === undefined ||
    action === undefined ||
    rate.AggregateKeyType !== "IP" ||
    hasScope(rate)
  )
    return undefined;
  const window = rate.EvaluationWindowSec ?? defaultWindowSeconds;
  const status = rule.Action?.Block?.CustomResponse?.ResponseCode;
  return {
    ...base,
    action,
    limit: rate.Limit,
    window,
    ...(status === undefined ? {} : { status }),
  };
}

/** The emulator returns null for what was not given. */
function hasScope({ ScopeDownStatement: scope }: { readonly ScopeDownStatement?: unknown }) {
  return scope !== undefined && scope !== null;
}

/** What a group does with a match: COUNT instead of what its rules say. */
function overridden(rule: RuleAnswer): RuleAction {
  return readAction(rule.OverrideAction) === "COUNT" ? "COUNT" : "BLOCK";
}

const defaultWindowSeconds = 300;
// The engine has the same list (sandbox/region/waf/managed.go). The list of addresses with a bad reputation is AWS's own.
const modelled = new Set([
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
  "AWSManagedRulesLinuxRuleSet",
  "AWSManagedRulesUnixRuleSet",
  "AWSManagedRulesPHPRuleSet",
]);
