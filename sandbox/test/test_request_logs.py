"""The logs of web ACLs, from what the load balancer's firewall reports."""

import json
import time

from region import client, load_balancer, network, sandbox
from test_web_acls import WebAclTest, group, rate


class RequestLogs(WebAclTest):
    def test_matched_requests_are_logged(self):
        balancer, _, _ = load_balancer(*network())
        count = [{"Name": name, "ActionToUse": {"Count": {}}} for name in ("SQLi_BODY", "SQLiExtendedPatterns_BODY")]
        sql = group("AWSManagedRulesSQLiRuleSet")
        sql["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"] = count
        limit = {**rate(), "Action": {"Block": {"CustomResponse": {"ResponseCode": 429}}}}
        acl = self.create(rules=[sql, limit])
        self.associate(acl, balancer)
        self.log(acl)
        body = {"rule": sql["Name"], "metric": sql["Name"], "action": "COUNT", "inner": "AWS#AWSManagedRulesSQLiRuleSet#SQLi_BODY"}
        query = {**body, "action": "BLOCK", "inner": "AWS#AWSManagedRulesSQLiRuleSet#SQLi_QUERYARGUMENTS"}
        above = {"rule": "rate", "metric": "rate", "action": "BLOCK"}
        self.report(acl, (body, query), (above,), (body,))
        blocked, limited, counted = self.events(acl)
        self.assertEqual(
            {key: blocked[key] for key in ("webaclId", "action", "terminatingRuleId", "terminatingRuleType", "responseCodeSent")},
            {
                "webaclId": acl["ARN"],
                "action": "BLOCK",
                "terminatingRuleId": "AWSManagedRulesSQLiRuleSet",
                "terminatingRuleType": "MANAGED_RULE_GROUP",
                "responseCodeSent": None,
            },
        )
        (within,) = blocked["ruleGroupList"]
        self.assertEqual(
            (within["ruleGroupId"], within["terminatingRule"]["ruleId"], within["nonTerminatingMatchingRules"]),
            (
                "AWS#AWSManagedRulesSQLiRuleSet",
                "SQLi_QUERYARGUMENTS",
                [{"ruleId": "SQLi_BODY", "action": "COUNT", "ruleMatchDetails": [], "overriddenAction": "BLOCK"}],
            ),
        )
        self.assertIn({"name": "awswaf:managed:aws:sql-database:SQLi_QueryArguments"}, blocked["labels"])
        self.assertEqual(blocked["httpSourceId"], f"123456789012-{balancer.split(':loadbalancer/')[1]}")
        self.assertEqual(
            (limited["terminatingRuleType"], limited["responseCodeSent"], limited["rateBasedRuleList"][0]["maxRateAllowed"]),
            ("RATE_BASED", 429, 100),
        )
        self.assertEqual((counted["action"], counted["terminatingRuleId"]), ("ALLOW", "Default_Action"))

    def test_what_the_configuration_names_is_redacted_in_the_log(self):
        acl = self.create(rules=[group("AWSManagedRulesSQLiRuleSet")])
        self.log(acl, RedactedFields=[{"SingleHeader": {"Name": name}} for name in ("x-api-key", "authorization")] + [{"QueryString": {}}])
        match = {"rule": "AWSManagedRulesSQLiRuleSet", "metric": "m", "action": "BLOCK", "inner": "AWS#AWSManagedRulesSQLiRuleSet#SQLi_COOKIE"}
        self.report(acl, (match,))
        (found,) = self.events(acl)
        request = found["httpRequest"]
        headers = {header["name"]: header["value"] for header in request["headers"]}
        self.assertEqual(headers, {"Host": "app", "X-Api-Key": "REDACTED", "authorization": "REDACTED"})
        self.assertEqual((request["uri"], request["args"], request["httpVersion"]), ("/x", "REDACTED", "HTTP/1.1"))

    def test_a_group_that_only_counts_and_a_filter(self):
        acl = self.create(rules=[{**group("AWSManagedRulesSQLiRuleSet"), "OverrideAction": {"Count": {}}}])
        keep = {"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": [{"ActionCondition": {"Action": "COUNT"}}]}
        drop = {**keep, "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}]}
        match = {"rule": "AWSManagedRulesSQLiRuleSet", "metric": "m", "action": "COUNT", "inner": "AWS#AWSManagedRulesSQLiRuleSet#SQLi_COOKIE"}
        self.log(acl, LoggingFilter={"DefaultBehavior": "DROP", "Filters": [drop]})
        self.report(acl, (match,))
        self.assertEqual(self.events(acl), [])
        self.log(acl, LoggingFilter={"DefaultBehavior": "DROP", "Filters": [keep]})
        self.report(acl, (match,))
        (found,) = self.events(acl)
        self.assertEqual(found["nonTerminatingMatchingRules"][0]["ruleId"], "AWSManagedRulesSQLiRuleSet")
        self.assertEqual((found["ruleGroupList"][0]["terminatingRule"]["action"], found["action"]), ("BLOCK", "ALLOW"))

    def log(self, acl, **more):
        """Sends the web ACL's log to a group, which is made unless it is there."""
        logs = client("logs")
        name = f"aws-waf-logs-{acl['Name']}"
        if not logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
            logs.create_log_group(logGroupName=name)
        arn = f"arn:aws:logs:eu-west-1:123456789012:log-group:{name}"
        self.waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": acl["ARN"], "LogDestinationConfigs": [arn], **more})

    def report(self, acl, *matched):
        """What the controller reports: requests that matched these rules."""
        request = {
            "at": time.time() * 1000,
            "acl": acl["ARN"],
            "client": "10.0.0.9",
            "method": "GET",
            "uri": "/x",
            "args": "id=1",
            "version": "1.1",
            "headers": [["Host", "app"], ["X-Api-Key", "s3cret"], ["authorization", "Bearer s3cret"]],
        }
        action = {True: "BLOCK", False: "ALLOW"}
        requests = [{**request, "matches": list(one), "action": action[any(m["action"] == "BLOCK" for m in one)]} for one in matched]
        sandbox("PUT", "/sampled-requests", {"requests": requests})

    def events(self, acl):
        found = client("logs").filter_log_events(logGroupName=f"aws-waf-logs-{acl['Name']}")["events"]
        self.assertLessEqual({event["logStreamName"] for event in found}, {f"eu-west-1_{acl['Name']}_1"})
        return [json.loads(event["message"]) for event in found]
