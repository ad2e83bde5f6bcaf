"""The weather: what can be switched on, and whom it concerns."""

import json

from region import ENDPOINT, KEY, REGION, WeatherTest, client, http, sandbox


class Switches(WeatherTest):
    def test_everything_is_off_at_first(self):
        self.assertEqual(sandbox("GET", "/weather"), {})

    def test_a_change_replaces_what_was_on(self):
        self.switch(slow_boot=True)
        self.assertEqual(self.switch(slow_metrics=True, keep_alive=True).keys(), {"slow-metrics", "keep-alive"})
        self.assertEqual(sandbox("GET", "/weather").keys(), {"slow-metrics", "keep-alive"})

    def test_an_unknown_name_is_refused_with_the_list_and_changes_nothing(self):
        before = self.switch(slow_metrics=True)
        status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/weather", {"hail": True})
        self.assertEqual(status, 400)
        for word in ("hail", "slow-metrics", "aws"):
            self.assertIn(word, json.loads(text)["error"])
        self.assertEqual(sandbox("GET", "/weather"), before)

    def test_a_wrong_value_is_refused(self):
        for name, value, error in (
            ("keep-alive", "x", "keep-alive takes no value"),
            ("aws", "x", "aws takes no value"),
            ("denied", True, "denied needs a value: SERVICE:ACTION"),
            ("lost-answers", "0", "lost-answers takes every how many answers of a service"),
            ("short-keys", "soon", '"soon" is not a duration'),
            ("short-certificates", "29s", "less than 30s"),
            ("bad-nonces", "100", "more than 99"),
        ):
            status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/weather", {name: value})
            self.assertEqual((status, error in json.loads(text)["error"]), (400, True), text)

    def test_an_ordinary_day_is_several_conditions(self):
        self.assertLessEqual({"slow-metrics", "slow-boot", "keep-alive"}, self.switch(aws=True).keys())

    def test_every_condition_says_what_it_does(self):
        for one in sandbox("GET", "/weather-conditions")["conditions"]:
            self.assertTrue(one["summary"], one)
            self.assertEqual(one["value"], None)


class Record(WeatherTest):
    def test_calls_are_recorded_as_policies_name_them(self):
        client("elbv2").describe_load_balancers()
        client("ssm").get_parameters_by_path(Path="/")
        client("cloudwatch").describe_alarms()
        client("resourcegroupstaggingapi").get_resources()
        client("route53").list_hosted_zones()
        s3 = client("s3")
        s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.head_bucket(Bucket="state")
        s3.put_public_access_block(Bucket="state", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
        s3.put_object(Bucket="state", Key="a/b", Body=b"x")
        found = {f"{one['service']}:{one['action']}" for one in sandbox("GET", "/calls")["calls"] if one["key"] == KEY}
        expected = {
            "elasticloadbalancing:DescribeLoadBalancers",
            "ssm:GetParametersByPath",
            "cloudwatch:DescribeAlarms",
            "tag:GetResources",
            "route53:ListHostedZones",
            "s3:CreateBucket",
            "s3:ListBucket",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutObject",
        }
        self.assertLessEqual(expected, found)
