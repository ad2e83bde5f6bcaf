"""Budgets: subscribers, tags, update."""

import json

from region import REGION, RegionTest, client, sandbox

ACCOUNT = "123456789012"
ARN = f"arn:aws:budgets::{ACCOUNT}:budget/demo"
NOTIFICATION = {
    "NotificationType": "ACTUAL",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 80.0,
    "ThresholdType": "PERCENTAGE",
}
READER = {"SubscriptionType": "EMAIL", "Address": "ops@example.com"}
NAMED = {"AccountId": ACCOUNT, "BudgetName": "demo"}


class Budgets(RegionTest):
    def setUp(self):
        super().setUp()
        self.budgets = client("budgets", "us-east-1")
        self.budget = {
            "BudgetName": "demo",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
        }
        self.budgets.create_budget(
            AccountId=ACCOUNT,
            Budget=self.budget,
            NotificationsWithSubscribers=[{"Notification": NOTIFICATION, "Subscribers": [READER]}],
            ResourceTags=[{"Key": "a", "Value": "b"}],
        )

    def subscribers(self):
        return self.budgets.describe_subscribers_for_notification(**NAMED, Notification=NOTIFICATION)["Subscribers"]

    def tags(self):
        return {one["Key"]: one["Value"] for one in self.budgets.list_tags_for_resource(ResourceARN=ARN)["ResourceTags"]}

    def test_subscribers_are_read_back(self):
        self.assertEqual(self.subscribers(), [READER])
        other = {**NOTIFICATION, "Threshold": 90.0}
        read = self.budgets.describe_subscribers_for_notification
        self.refused("NotFoundException", read, **NAMED, Notification=other)

    def test_subscribers_come_and_go(self):
        second = {"SubscriptionType": "EMAIL", "Address": "boss@example.com"}
        self.budgets.create_subscriber(**NAMED, Notification=NOTIFICATION, Subscriber=second)
        self.budgets.delete_subscriber(**NAMED, Notification=NOTIFICATION, Subscriber=READER)
        self.assertEqual(self.subscribers(), [second])

    def topic(self, service, account=ACCOUNT):
        sns = client("sns")
        arn = sns.create_topic(Name="money")["TopicArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        return {"SubscriptionType": "SNS", "Address": arn}

    def test_a_topic_must_let_budgets_publish(self):
        add = self.budgets.create_subscriber
        for topic in (
            {"SubscriptionType": "SNS", "Address": f"arn:aws:sns:{REGION}:{ACCOUNT}:nowhere"},
            self.topic("cloudwatch.amazonaws.com"),
            self.topic("budgets.amazonaws.com", "210987654321"),
        ):
            self.refused("InvalidParameterException", add, **NAMED, Notification=NOTIFICATION, Subscriber=topic)
        add(**NAMED, Notification=NOTIFICATION, Subscriber=self.topic("budgets.amazonaws.com"))
        self.assertEqual(len(self.subscribers()), 2)

    def test_costs_above_a_threshold_are_told(self):
        def mail():
            return [(one["to"], one["text"]) for one in sandbox("GET", "/mail")["messages"]]

        seen = len(mail())
        sandbox("PUT", "/budget-costs", {"budget": "demo", "actual": 80, "forecast": 500})
        self.assertEqual(mail()[seen:], [])
        sandbox("PUT", "/budget-costs", {"budget": "demo", "actual": 81})
        [(to, text)] = mail()[seen:]
        self.assertEqual((to, text.strip()), ("ops@example.com", f"ACTUAL 80 % of the budget demo of the account {ACCOUNT}"))

    def test_a_budget_has_what_was_reported_until_it_is_changed(self):
        def spent():
            found = self.budgets.describe_budget(**NAMED)["Budget"]["CalculatedSpend"]
            return {name: float(one["Amount"]) for name, one in found.items()}

        sandbox("PUT", "/budget-costs", {"budget": "demo", "actual": 12.5})
        self.assertEqual(spent(), {"ActualSpend": 12.5})
        sandbox("PUT", "/budget-costs", {"budget": "demo", "actual": 13, "forecast": 40})
        self.assertEqual(spent(), {"ActualSpend": 13, "ForecastedSpend": 40})
        self.budgets.update_budget(AccountId=ACCOUNT, NewBudget=self.budget)
        self.assertEqual(spent()["ActualSpend"], 0)

    def test_tags_are_kept(self):
        self.budgets.tag_resource(ResourceARN=ARN, ResourceTags=[{"Key": "c", "Value": "d"}])
        self.assertEqual(self.tags(), {"a": "b", "c": "d"})
        self.budgets.untag_resource(ResourceARN=ARN, ResourceTagKeys=["a"])
        self.assertEqual(self.tags(), {"c": "d"})

    def test_tags_go_with_the_budget(self):
        self.budgets.delete_budget(**NAMED)
        self.refused("NotFoundException", self.budgets.list_tags_for_resource, ResourceARN=ARN)
        self.budgets.create_budget(AccountId=ACCOUNT, Budget=self.budget)
        self.assertEqual(self.tags(), {})

    def test_a_budget_is_changed(self):
        changed = {**self.budget, "BudgetLimit": {"Amount": "200", "Unit": "USD"}}
        self.budgets.update_budget(AccountId=ACCOUNT, NewBudget=changed)
        found = self.budgets.describe_budget(**NAMED)["Budget"]
        self.assertEqual(float(found["BudgetLimit"]["Amount"]), 200)
        self.assertEqual(self.subscribers(), [READER])
