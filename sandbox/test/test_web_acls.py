"""AWS WAF in front of load balancers: web ACLs, their logs, and the samples of what they blocked."""

import datetime
import time

from region import RegionTest, also_in_moto, client, load_balancer, network, sandbox

NOW = datetime.datetime.now(datetime.UTC)
SCOPE = {"Scope": "REGIONAL"}
HOUR = {"StartTime": NOW - datetime.timedelta(hours=1), "EndTime": NOW + datetime.timedelta(hours=1)}


def visible(name):
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def group(name, priority=1):
    statement = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}}
    return {"Name": name, "Priority": priority, "Statement": statement, "OverrideAction": {"None": {}}, "VisibilityConfig": visible(name)}


def rate(limit=100, priority=4, window=300):
    statement = {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP", "EvaluationWindowSec": window}}
    return {"Name": "rate", "Priority": priority, "Statement": statement, "Action": {"Block": {}}, "VisibilityConfig": visible("rate")}


class WebAclTest(RegionTest):
    def setUp(self):
        super().setUp()
        self.waf = client("wafv2")

    def create(self, name="demo", rules=()):
        allow = {"Allow": {}}
        return self.waf.create_web_acl(Name=name, DefaultAction=allow, VisibilityConfig=visible(name), Rules=list(rules), **SCOPE)[
            "Summary"
        ]

    def update(self, acl, rules):
        return self.waf.update_web_acl(
            Name=acl["Name"],
            Id=acl["Id"],
            LockToken=self.read(acl)["LockToken"],
            DefaultAction={"Allow": {}},
            VisibilityConfig=visible(acl["Name"]),
            Rules=rules,
            **SCOPE,
        )

    def delete(self, acl):
        return self.waf.delete_web_acl(Name=acl["Name"], Id=acl["Id"], LockToken=self.read(acl)["LockToken"], **SCOPE)

    def read(self, acl):
        return self.waf.get_web_acl(Name=acl["Name"], Id=acl["Id"], **SCOPE)

    def associate(self, acl, balancer):
        time.sleep(1.1)
        self.waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=balancer)

    def of(self, balancer):
        found = self.waf.get_web_acl_for_resource(ResourceArn=balancer).get("WebACL")
        return found and found["Name"]


class WebAcls(WebAclTest):
    def test_a_new_one_cannot_be_associated_at_once(self):
        balancer, _, _ = load_balancer(*network())
        acl = self.create()
        call = self.waf.associate_web_acl
        self.refused("WAFUnavailableEntityException", call, WebACLArn=acl["ARN"], ResourceArn=balancer)
        self.associate(acl, balancer)
        self.assertEqual(self.of(balancer), "demo")

    def test_a_load_balancer_that_does_not_exist_cannot_have_one(self):
        balancer, _, _ = load_balancer(*network())
        acl = self.create()
        time.sleep(1.1)
        self.refused("WAFNonexistentItemException", self.waf.associate_web_acl, WebACLArn=acl["ARN"], ResourceArn=f"{balancer}0")

    def test_a_load_balancer_has_one_at_most(self):
        balancer, _, _ = load_balancer(*network())
        first, second = self.create("first"), self.create("second")
        self.associate(first, balancer)
        self.associate(second, balancer)
        self.assertEqual(self.of(balancer), "second")
        self.delete(first)

    def test_one_in_use_cannot_be_deleted(self):
        balancer, _, _ = load_balancer(*network())
        acl = self.create()
        self.associate(acl, balancer)
        self.assertEqual(self.waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"], [balancer])
        token = self.read(acl)["LockToken"]
        call = self.waf.delete_web_acl
        self.refused("WAFAssociatedItemException", call, Name="demo", Id=acl["Id"], LockToken=token, **SCOPE)
        self.waf.disassociate_web_acl(ResourceArn=balancer)
        self.delete(acl)

    def test_a_deleted_load_balancer_frees_it(self):
        balancer, _, _ = load_balancer(*network())
        acl = self.create()
        self.associate(acl, balancer)
        client("elbv2").delete_load_balancer(LoadBalancerArn=balancer)
        self.assertEqual(self.waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"], [])
        self.delete(acl)

    def test_the_name_is_unique(self):
        self.create()
        call = self.waf.create_web_acl
        self.refused(
            "WAFDuplicateItemException", call, Name="demo", DefaultAction={"Allow": {}}, VisibilityConfig=visible("demo"), **SCOPE
        )

    def test_an_update_replaces_all_rules_also_by_none(self):
        acl = self.create(rules=[group("AWSManagedRulesCommonRuleSet"), rate()])
        self.assertEqual(self.read(acl)["WebACL"]["Capacity"], 702)
        self.update(acl, [])
        found = self.read(acl)["WebACL"]
        self.assertEqual((found["Rules"], found["Capacity"]), ([], 0))

    @also_in_moto
    def test_an_old_token_is_refused(self):
        acl = self.create()
        self.update(acl, [rate()])
        call = self.waf.delete_web_acl
        self.refused("WAFOptimisticLockException", call, Name="demo", Id=acl["Id"], LockToken=acl["LockToken"], **SCOPE)

    def test_rules_that_aws_refuses(self):
        for rules in (
            [rate(window=30)],
            [group("AWSManagedRulesCommonRuleSet", 1), rate(priority=1)],
            [group("AWSManagedRulesNoSuchRuleSet")],
            [{**rate(), "OverrideAction": {"None": {}}}],
            [{**group("AWSManagedRulesCommonRuleSet"), "OverrideAction": None, "Action": {"Block": {}}}],
        ):
            rules = [{name: value for name, value in rule.items() if value is not None} for rule in rules]
            call = self.waf.create_web_acl
            self.refused(
                "WAFInvalidParameterException",
                call,
                Name="demo",
                DefaultAction={"Allow": {}},
                VisibilityConfig=visible("demo"),
                Rules=rules,
                **SCOPE,
            )

    def test_logs_go_to_a_destination_with_the_prefix(self):
        acl = self.create()
        call = self.waf.put_logging_configuration
        log = "arn:aws:logs:eu-west-1:123456789012:log-group:{}"
        wrong = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": [log.format("waf")]}
        self.refused("WAFInvalidParameterException", call, LoggingConfiguration=wrong)
        right = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": [log.format("aws-waf-logs-demo")]}
        call(LoggingConfiguration=right)
        self.delete(acl)
        self.refused("WAFNonexistentItemException", self.waf.get_logging_configuration, ResourceArn=acl["ARN"])

    def test_the_controller_reads_the_web_acls_of_load_balancers(self):
        balancer, _, _ = load_balancer(*network())
        acl = self.create(rules=[rate()])
        self.assertEqual(sandbox("GET", "/web-acls"), {})
        self.associate(acl, balancer)
        found = sandbox("GET", "/web-acls")[balancer]
        self.assertEqual((found["ARN"], found["Rules"][0]["Statement"]["RateBasedStatement"]["Limit"]), (acl["ARN"], 100))

    def test_the_samples_of_a_rule(self):
        acl = self.create(rules=[group("AWSManagedRulesCommonRuleSet")])
        match = {"rule": "common", "metric": "common", "action": "BLOCK", "inner": "AWS#AWSManagedRulesCommonRuleSet#GenericLFI_URIPATH"}
        request = {
            "at": time.time() * 1000,
            "acl": acl["ARN"],
            "action": "BLOCK",
            "matches": [match, {"rule": "rate", "metric": "rate", "action": "COUNT"}],
            "client": "10.0.0.9",
            "method": "GET",
            "uri": "/x",
            "version": "1.1",
            "headers": [["host", "app"]],
        }
        sandbox("PUT", "/sampled-requests", {"requests": [request, {**request, "acl": "another"}]})
        asked = {"WebAclArn": acl["ARN"], "MaxItems": 10, "TimeWindow": HOUR, **SCOPE}
        answer = self.waf.get_sampled_requests(RuleMetricName="common", **asked)
        (found,) = answer["SampledRequests"]
        self.assertEqual((found["Action"], found["RuleNameWithinRuleGroup"], answer["PopulationSize"]), ("BLOCK", match["inner"], 1))
        self.assertEqual((found["Request"]["URI"], found["Request"]["Headers"]), ("/x", [{"Name": "host", "Value": "app"}]))
        (counted,) = self.waf.get_sampled_requests(RuleMetricName="rate", **asked)["SampledRequests"]
        self.assertEqual((counted["Action"], "RuleNameWithinRuleGroup" in counted), ("COUNT", False))
        early = {"StartTime": NOW - datetime.timedelta(hours=4), "EndTime": NOW}
        call = self.waf.get_sampled_requests
        self.refused("WAFInvalidParameterException", call, RuleMetricName="common", **{**asked, "TimeWindow": early})


class RuleGroups(RegionTest):
    """Of the account, such as the one with the API keys."""

    def setUp(self):
        super().setUp()
        self.waf = client("wafv2")

    def create(self, keys=("first",), capacity=20, name="keys", **more):
        return self.waf.create_rule_group(
            Name=name, Capacity=capacity, VisibilityConfig=visible(name), **SCOPE, **{**key_rules(*keys), **more}
        )["Summary"]

    def read(self, group):
        return self.waf.get_rule_group(Name=group["Name"], Id=group["Id"], **SCOPE)

    def update(self, group, *keys, token=None):
        return self.waf.update_rule_group(
            Name=group["Name"],
            Id=group["Id"],
            LockToken=token or self.read(group)["LockToken"],
            VisibilityConfig=visible(group["Name"]),
            **SCOPE,
            **key_rules(*keys),
        )

    def delete(self, group):
        return self.waf.delete_rule_group(Name=group["Name"], Id=group["Id"], LockToken=self.read(group)["LockToken"], **SCOPE)

    def refer(self, group, name="demo"):
        statement = {"RuleGroupReferenceStatement": {"ARN": group["ARN"]}}
        rule = {"Name": "keys", "Priority": 0, "Statement": statement, "OverrideAction": {"None": {}}, "VisibilityConfig": visible("keys")}
        settings = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": visible(name), "Rules": [rule], **SCOPE}
        return self.waf.create_web_acl(Name=name, **settings)["Summary"]

    def test_the_capacity_is_fixed(self):
        self.refused("WAFLimitsExceededException", self.create, keys=("a", "b"), capacity=3)
        group = self.create(capacity=4)
        self.update(group, "a", "b")
        self.refused("WAFLimitsExceededException", lambda: self.update(group, "a", "b", "c"))
        self.assertEqual(self.read(group)["RuleGroup"]["Capacity"], 4)

    def test_an_answer_must_be_there(self):
        self.refused("WAFInvalidParameterException", self.create, CustomResponseBodies={})

    @also_in_moto
    def test_an_old_token_is_refused(self):
        group = self.create()
        token = self.read(group)["LockToken"]
        self.update(group, "second")
        self.refused("WAFOptimisticLockException", lambda: self.update(group, "third", token=token))

    def test_the_name_is_unique(self):
        self.create()
        self.refused("WAFDuplicateItemException", self.create)

    def test_a_new_one_cannot_be_referred_to_at_once(self):
        group = self.create()
        self.refused("WAFUnavailableEntityException", lambda: self.refer(group))
        time.sleep(1.1)
        acl = self.refer(group)
        found = self.waf.get_web_acl(Name=acl["Name"], Id=acl["Id"], **SCOPE)["WebACL"]
        self.assertEqual(found["Capacity"], 20)

    def test_one_that_does_not_exist_cannot_be_referred_to(self):
        group = self.create()
        self.refused("WAFNonexistentItemException", lambda: self.refer({**group, "ARN": f"{group['ARN'][:-1]}x"}))

    def test_one_in_use_cannot_be_deleted(self):
        group = self.create()
        time.sleep(1.1)
        acl = self.refer(group)
        self.refused("WAFAssociatedItemException", lambda: self.delete(group))
        token = self.waf.get_web_acl(Name=acl["Name"], Id=acl["Id"], **SCOPE)["LockToken"]
        self.waf.delete_web_acl(Name=acl["Name"], Id=acl["Id"], LockToken=token, **SCOPE)
        self.delete(group)
        self.assertEqual(self.waf.list_rule_groups(**SCOPE)["RuleGroups"], [])

    def test_the_controller_reads_it_with_its_web_acl(self):
        balancer, _, _ = load_balancer(*network())
        group = self.create(keys=("secret",))
        time.sleep(1.1)
        acl = self.refer(group)
        time.sleep(1.1)
        self.waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=balancer)
        found = sandbox("GET", "/web-acls")[balancer]["RuleGroups"][group["ARN"]]
        match = found["Rules"][0]["Statement"]["NotStatement"]["Statement"]["OrStatement"]["Statements"][0]["ByteMatchStatement"]
        self.assertEqual((match["SearchString"], found["CustomResponseBodies"]["no"]["Content"]), ("c2VjcmV0", "{}"))

    def test_tags_are_in_the_index(self):
        group = self.create(Tags=[{"Key": "a", "Value": "b"}])
        found = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "a", "Values": ["b"]}])
        self.assertEqual([one["ResourceARN"] for one in found["ResourceTagMappingList"]], [group["ARN"]])

    def test_a_web_acl_keeps_what_its_samples_hide(self):
        protection = {"DataProtections": [{"Action": "SUBSTITUTION", "Field": {"FieldType": "SINGLE_HEADER", "FieldKeys": ["x-api-key"]}}]}
        settings = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": visible("demo"), "Rules": [], **SCOPE}
        acl = self.waf.create_web_acl(Name="demo", DataProtectionConfig=protection, **settings)["Summary"]
        which = {"Name": "demo", "Id": acl["Id"], **SCOPE}
        found = self.waf.get_web_acl(**which)
        self.assertEqual(found["WebACL"]["DataProtectionConfig"], protection)
        self.waf.update_web_acl(LockToken=found["LockToken"], **{**settings, **which})
        self.assertIsNone(self.waf.get_web_acl(**which)["WebACL"].get("DataProtectionConfig"))


def key_rules(*keys):
    """One rule that blocks each request without one of the keys."""
    matches = [
        {
            "ByteMatchStatement": {
                "SearchString": key,
                "FieldToMatch": {"SingleHeader": {"Name": "x-api-key"}},
                "PositionalConstraint": "EXACTLY",
                "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
            }
        }
        for key in keys
    ]
    block = {"Block": {"CustomResponse": {"ResponseCode": 401, "CustomResponseBodyKey": "no"}}}
    statement = {"NotStatement": {"Statement": {"OrStatement": {"Statements": matches}}}}
    return {
        "Rules": [{"Name": "no-key", "Priority": 0, "Statement": statement, "Action": block, "VisibilityConfig": visible("no-key")}],
        "CustomResponseBodies": {"no": {"ContentType": "APPLICATION_JSON", "Content": "{}"}},
    }
