"""What AWS WAF refuses in a web ACL's rules, and what they cost of its capacity."""

from moto.core.exceptions import JsonRESTError

# The capacity of AWS's rule groups in web ACL capacity units (AWS WAF developer guide, "AWS Managed Rules rule groups list").
GROUPS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesWindowsRuleSet": 200,
    "AWSManagedRulesPHPRuleSet": 100,
    "AWSManagedRulesWordPressRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesBotControlRuleSet": 50,
}
# A rate-based rule without other conditions.
RATE_CAPACITY = 2
MOST_CAPACITY = 5000
WINDOWS = (60, 120, 300, 600)


class InvalidParameter(JsonRESTError):
    code = 400

    def __init__(self, reason, field, parameter):
        super().__init__("WAFInvalidParameterException", f"Error reason: {reason}, field: {field}, parameter: {parameter}")


def capacity(rules, group_capacity=lambda _arn: 0):
    """The units that the rules use, as far as their kinds are known; 1 for each other rule. A rule group costs what was fixed for it."""
    return sum(cost(rule.get("Statement") or {}, group_capacity) for rule in rules)


def cost(statement, group_capacity):
    if "ManagedRuleGroupStatement" in statement:
        return GROUPS.get(statement["ManagedRuleGroupStatement"]["Name"], 50)
    if "RuleGroupReferenceStatement" in statement:
        return group_capacity(statement["RuleGroupReferenceStatement"]["ARN"])
    if "NotStatement" in statement:
        return cost(statement["NotStatement"]["Statement"], group_capacity)
    for several in ("AndStatement", "OrStatement"):
        if several in statement:
            return sum(cost(one, group_capacity) for one in statement[several]["Statements"])
    if "ByteMatchStatement" in statement:
        return match_cost(statement["ByteMatchStatement"])
    return RATE_CAPACITY if "RateBasedStatement" in statement else 1


def match_cost(match):
    """2 at the start, at the end and for the whole, 10 within; 10 for each transformation (String match rule statement)."""
    transformations = [one for one in match["TextTransformations"] if one["Type"] != "NONE"]
    return (10 if match["PositionalConstraint"].startswith("CONTAINS") else 2) + 10 * len(transformations)


def referred(rules):
    """ARNs of the rule groups of the account, in rules of a request or of moto's."""
    statements = [rule.get("Statement") if isinstance(rule, dict) else rule.statement for rule in rules]
    found = [(statement or {}).get("RuleGroupReferenceStatement") for statement in statements]
    return [one["ARN"] for one in found if one]


def check(rules):
    """Raises WAFInvalidParameterException as AWS does (CreateWebACL, Rule, RateBasedStatement)."""
    for field, key in (("RULE_NAME", "Name"), ("PRIORITY", "Priority")):
        values = [rule[key] for rule in rules]
        for value in values:
            if values.count(value) > 1:
                raise InvalidParameter("You have used the same value twice, and it must be unique", field, value)
    for rule in rules:
        check_rule(rule)
    if capacity(rules) > MOST_CAPACITY:
        raise JsonRESTError(
            "WAFLimitsExceededException", f"The web ACL needs {capacity(rules)} capacity units of at most {MOST_CAPACITY}"
        )


def check_rule(rule):
    statement = rule.get("Statement") or {}
    group = statement.get("ManagedRuleGroupStatement")
    rate = statement.get("RateBasedStatement")
    wanted = "OverrideAction" if group or "RuleGroupReferenceStatement" in statement else "Action"
    if not rule.get(wanted) or rule.get("Action" if wanted == "OverrideAction" else "OverrideAction"):
        raise InvalidParameter(
            "A reference in your rule statement is not valid: a rule group takes OverrideAction, another rule Action", "RULE", rule["Name"]
        )
    if group and group["VendorName"] == "AWS" and group["Name"] not in GROUPS:
        raise InvalidParameter("The managed rule group does not exist", "MANAGED_RULE_SET", group["Name"])
    if rate and not 10 <= rate["Limit"] <= 2_000_000_000:
        raise InvalidParameter("The limit must be from 10 to 2,000,000,000", "RATE_LIMIT", rate["Limit"])
    if rate and rate.get("EvaluationWindowSec", 300) not in WINDOWS:
        raise InvalidParameter("The window must be 60, 120, 300 or 600", "EVALUATION_WINDOW_SEC", rate["EvaluationWindowSec"])
