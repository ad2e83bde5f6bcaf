"""One record of a web ACL's log (AWS WAF developer guide, "Log fields for protection pack (web ACL) traffic")."""

import secrets

from moto.wafv2.models import wafv2_backends

# A label's namespace for each of AWS's groups (AWS Managed Rules rule groups list).
NAMESPACES = {
    "AWSManagedRulesCommonRuleSet": "core-rule-set",
    "AWSManagedRulesKnownBadInputsRuleSet": "known-bad-inputs",
    "AWSManagedRulesSQLiRuleSet": "sql-database",
    "AWSManagedRulesLinuxRuleSet": "linux-os",
    "AWSManagedRulesUnixRuleSet": "posix-os",
    "AWSManagedRulesPHPRuleSet": "php-app",
}
# A label has the rule's name with its last part written so.
PARTS = {
    "BODY": "Body",
    "COOKIE": "Cookie",
    "HEADER": "Header",
    "METHOD": "Method",
    "QUERYARGUMENTS": "QueryArguments",
    "QUERYSTRING": "QueryString",
    "URIPATH": "URIPath",
}


def record(acl, request):
    matches = request["matches"]
    rules = {rule.name: rule for rule in acl.rules}
    decided = next((match for match in reversed(matches) if match["action"] != "COUNT"), None)
    headers = [{"name": name, "value": value} for name, value in request["headers"]]
    seconds = int(request["at"] / 1000)
    return {
        "timestamp": int(request["at"]),
        "formatVersion": 1,
        "webaclId": acl.arn,
        "terminatingRuleId": decided["rule"] if decided else "Default_Action",
        "terminatingRuleType": kind(rules.get(decided["rule"])) if decided else "REGULAR",
        "action": request["action"],
        "terminatingRuleMatchDetails": [],
        "httpSourceName": "ALB",
        "httpSourceId": source(acl),
        "ruleGroupList": [one for rule in acl.rules for one in group_entry(acl, rule, matches)],
        "rateBasedRuleList": [
            rate_entry(rules[match["rule"]], request) for match in matches if kind(rules.get(match["rule"])) == "RATE_BASED"
        ],
        "nonTerminatingMatchingRules": [
            {"ruleId": rule.name, "action": "COUNT", "ruleMatchDetails": []} for rule in acl.rules if only_counts(acl, rule, matches)
        ],
        "requestHeadersInserted": None,
        "responseCodeSent": status(acl, rules.get(decided["rule"]), decided) if decided else None,
        "httpRequest": {
            "clientIp": request["client"],
            "country": "-",
            "headers": headers,
            "uri": request["uri"],
            "args": request.get("args", ""),
            "httpVersion": f"HTTP/{request['version']}",
            "httpMethod": request["method"],
            "requestId": f"1-{seconds:08x}-{secrets.token_hex(12)}",
        },
        "labels": [{"name": name} for match in matches for name in label(match)],
    }


def kind(rule):
    statement = rule.statement if rule else {}
    if "ManagedRuleGroupStatement" in statement:
        return "MANAGED_RULE_GROUP"
    if "RuleGroupReferenceStatement" in statement:
        return "GROUP"
    return "RATE_BASED" if "RateBasedStatement" in statement else "REGULAR"


def source(acl):
    """ACCOUNT-app/NAME/ID of the load balancer."""
    balancers = [arn for arn in acl.associated_resources if ":loadbalancer/" in arn]
    return f"{acl.account}-{balancers[0].split(':loadbalancer/')[1]}" if balancers else "-"


def group_entry(acl, rule, matches):
    """What the rules within a group did, whatever the web ACL makes of it."""
    found = [(name_within(match), action_within(acl, rule, match)) for match in matches if match["rule"] == rule.name and match.get("inner")]
    if not found:
        return []
    managed = rule.statement.get("ManagedRuleGroupStatement")
    decided = [{"ruleId": name, "action": action, "ruleMatchDetails": None} for name, action in found if action != "COUNT"]
    counted = [
        {"ruleId": name, "action": "COUNT", "ruleMatchDetails": [], **({"overriddenAction": "BLOCK"} if managed else {})}
        for name, action in found
        if action == "COUNT"
    ]
    return [
        {
            "ruleGroupId": f"{managed['VendorName']}#{managed['Name']}" if managed else rule.statement["RuleGroupReferenceStatement"]["ARN"],
            "terminatingRule": decided[-1] if decided else None,
            "nonTerminatingMatchingRules": counted,
            "excludedRules": None,
        }
    ]


def only_counts(acl, rule, matches):
    """Whether the web ACL counts a match of the rule, or of a group that would have decided."""
    return any(
        match["action"] == "COUNT" and (not match.get("inner") or action_within(acl, rule, match) != "COUNT")
        for match in matches
        if match["rule"] == rule.name
    )


def rate_entry(rule, request):
    rate = rule.statement["RateBasedStatement"]
    return {
        "rateBasedRuleId": rule.name,
        "rateBasedRuleName": rule.name,
        "limitKey": rate["AggregateKeyType"],
        "maxRateAllowed": rate["Limit"],
        "evaluationWindowSec": str(rate.get("EvaluationWindowSec", 300)),
        "limitValue": request["client"],
    }


def name_within(match):
    return match["inner"].split("#")[-1]


def action_within(acl, rule, match):
    """BLOCK, ALLOW or COUNT: what the rule within the group does by itself, or by an override of that rule."""
    name = name_within(match)
    managed = rule.statement.get("ManagedRuleGroupStatement")
    if not managed:
        own = own_rule(acl, rule, name)
        return action_of(own.action) if own else match["action"]
    if any(one["Name"] == name for one in managed.get("ExcludedRules") or []):
        return "COUNT"
    chosen = next((one["ActionToUse"] for one in managed.get("RuleActionOverrides") or [] if one["Name"] == name), {"Block": {}})
    return action_of(chosen)


def action_of(action):
    """As the engine reads it: CAPTCHA and Challenge let a request pass."""
    given = {key for key, value in (action or {}).items() if value is not None}
    return "BLOCK" if "Block" in given else "ALLOW" if "Allow" in given else "COUNT"


def own_rule(acl, rule, name):
    group = wafv2_backends[acl.account][acl.arn.split(":")[3]].rule_groups.get(rule.statement["RuleGroupReferenceStatement"]["ARN"])
    return next((one for one in group.rules if one.name == name), None) if group else None


def status(acl, rule, match):
    """The answer that the web ACL asks for in place of 403; None for that."""
    own = own_rule(acl, rule, name_within(match)) if kind(rule) == "GROUP" else rule
    block = ((own.action if own else None) or {}).get("Block") or {}
    return (block.get("CustomResponse") or {}).get("ResponseCode")


def label(match):
    """The label that AWS's own groups put on a request for a match."""
    group, name = (["", *(match.get("inner") or "").split("#")])[-2:]
    if group not in NAMESPACES:
        return []
    begin, _, last = name.rpartition("_")
    return [f"awswaf:managed:aws:{NAMESPACES[group]}:{begin}_{PARTS.get(last, last)}"]
