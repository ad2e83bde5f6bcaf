"""Cost Explorer and the price list."""

import datetime
import json
import urllib.request

from region import ENDPOINT, KEY, RegionTest, client

STACK = "infer-deploy:stack"


class CostExplorer(RegionTest):
    def setUp(self):
        super().setUp()
        self.ce = client("ce", "us-east-1")

    def status(self):
        found = self.ce.list_cost_allocation_tags(TagKeys=[STACK])["CostAllocationTags"]
        return [one["Status"] for one in found]

    def activate(self):
        return self.ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": STACK, "Status": "Active"}])["Errors"]

    def spent(self):
        today = datetime.date.today()
        answer = self.ce.get_cost_and_usage(
            TimePeriod={"Start": str(today.replace(day=1)), "End": str(today + datetime.timedelta(days=1))},
            Granularity="MONTHLY",
            Metrics=["UnblendedCost"],
            Filter={"Tags": {"Key": STACK, "Values": ["demo-production"]}},
            GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
        )
        groups = answer["ResultsByTime"][0]["Groups"]
        return {group["Keys"][0]: float(group["Metrics"]["UnblendedCost"]["Amount"]) for group in groups}

    def test_a_tag_that_nothing_has_cannot_be_active(self):
        self.assertEqual(self.status(), [])
        self.assertEqual([error["TagKey"] for error in self.activate()], [STACK])

    def test_costs_count_by_an_active_tag_only(self):
        vpc = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        client("ec2").create_tags(Resources=[vpc], Tags=[{"Key": STACK, "Value": "demo-production"}])
        body = json.dumps({"key": STACK, "value": "demo-production", "services": {"Amazon Elastic Load Balancing": 1.25}})
        request = urllib.request.Request(
            f"{ENDPOINT}/_sandbox/costs", data=body.encode(), method="PUT", headers={"X-Sandbox-Key": KEY}
        )
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.status(), ["Inactive"])
        self.assertEqual(self.spent(), {})
        self.assertEqual(self.activate(), [])
        self.assertEqual(self.status(), ["Active"])
        self.assertEqual(self.spent(), {"Amazon Elastic Load Balancing": 1.25})

    def test_a_period_without_a_day_is_refused(self):
        period = {"Start": "2026-11-01", "End": "2026-11-01"}
        ask = self.ce.get_cost_and_usage
        self.refused("ValidationException", ask, TimePeriod=period, Granularity="MONTHLY", Metrics=["UnblendedCost"])


class PriceList(RegionTest):
    def found(self, service, **fields):
        filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in fields.items()]
        answer = client("pricing", "eu-central-1").get_products(ServiceCode=service, Filters=filters)
        return [json.loads(one)["product"]["attributes"]["usagetype"] for one in answer["PriceList"]]

    def test_an_instance_type_has_a_price(self):
        asked = {"regionCode": "eu-central-1", "instanceType": "t3.small", "operatingSystem": "Linux"}
        self.assertEqual(self.found("AmazonEC2", capacitystatus="Used", **asked), ["EUC1-BoxUsage:t3.small"])

    def test_what_it_does_not_know_is_an_empty_list(self):
        self.assertEqual(self.found("AmazonEC2", regionCode="eu-central-1", instanceType="x9.huge"), [])
