"""Composite alarms, what alarms publish, and mail."""

import json
import re
import time

from region import REGION, RegionTest, client, sandbox

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"


class Alerts(RegionTest):
    def setUp(self):
        super().setUp()
        self.watch, self.sns = client("cloudwatch"), client("sns")
        self.sns.create_topic(Name="on-call")
        self.seen = len(self.mail())

    def mail(self):
        return sandbox("GET", "/mail")["messages"]

    def new_mail(self):
        return [(one["to"], one["subject"], one["text"]) for one in self.mail()[self.seen :]]

    def alarm(self, name, **more):
        self.watch.put_metric_alarm(
            AlarmName=name,
            Namespace="App",
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            **more,
        )

    def state(self, name, value):
        self.watch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="test")

    def composite(self):
        found = self.watch.describe_alarms(AlarmNames=["call"], AlarmTypes=["CompositeAlarm"])
        return found["CompositeAlarms"][0]

    def call(self, rule, **more):
        self.watch.put_composite_alarm(AlarmName="call", AlarmRule=rule, **more)

    def confirm(self):
        token = re.search(r"Token=(\w+)", self.new_mail()[0][2])[1]
        return self.sns.confirm_subscription(TopicArn=TOPIC, Token=token)["SubscriptionArn"]

    def test_a_composite_alarm_follows_its_rule(self):
        for name in ("share", "requests", "hosts"):
            self.alarm(name)
        self.call('(ALARM("share") AND NOT OK("requests")) OR ALARM(hosts)')
        self.assertEqual(self.composite()["StateValue"], "OK")
        self.assertEqual(self.watch.describe_alarms(AlarmNames=["call"])["MetricAlarms"], [])
        self.state("share", "ALARM")
        self.assertEqual(self.composite()["StateValue"], "ALARM")
        self.state("requests", "OK")
        self.assertEqual(self.composite()["StateValue"], "OK")
        self.state("hosts", "ALARM")
        self.assertEqual(self.composite()["StateValue"], "ALARM")

    def test_a_rule_names_alarms_that_exist(self):
        message = self.refused("ValidationError", self.call, rule='ALARM("none")')
        self.assertIn("none", message)

    def test_a_mail_comes_after_the_subscription_is_confirmed_only(self):
        subscribed = self.sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")
        self.assertEqual(subscribed["SubscriptionArn"], "pending confirmation")
        listed = self.sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
        self.assertEqual([one["SubscriptionArn"] for one in listed], ["PendingConfirmation"])
        self.alarm("errors", AlarmActions=[TOPIC], OKActions=[TOPIC])
        self.state("errors", "ALARM")
        self.assertEqual(len(self.new_mail()), 1)
        arn = self.confirm()
        self.assertEqual(self.sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"][0]["SubscriptionArn"], arn)
        self.state("errors", "OK")
        # The same state again is no change.
        self.state("errors", "OK")
        ((to, subject, text),) = self.new_mail()[1:]
        self.assertEqual((to, subject), ("a@example.com", f'OK: "errors" in {REGION}'))
        said = json.JSONDecoder().raw_decode(text)[0]
        self.assertEqual((said["AlarmName"], said["OldStateValue"], said["NewStateValue"]), ("errors", "ALARM", "OK"))

    def test_a_pending_subscription_is_refused_in_the_words_by_which_terraform_goes_on(self):
        asked = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "a@example.com", "ReturnSubscriptionArn": True}
        arn = self.sns.subscribe(**asked)["SubscriptionArn"]
        with self.assertRaisesRegex(
            self.sns.exceptions.InvalidParameterException, "Cannot unsubscribe a subscription that is pending confirmation"
        ):
            self.sns.unsubscribe(SubscriptionArn=arn)

    def test_a_composite_alarm_tells_its_topic_too(self):
        self.sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")
        self.confirm()
        self.alarm("errors")
        self.call('ALARM("errors")', AlarmActions=[TOPIC])
        self.state("errors", "ALARM")
        self.assertEqual([subject for _, subject, _ in self.new_mail()[1:]], [f'ALARM: "call" in {REGION}'])

    def test_a_topic_whose_policy_or_key_shuts_cloudwatch_out_gets_nothing(self):
        self.sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")
        self.confirm()
        self.alarm("errors", AlarmActions=[TOPIC], OKActions=[TOPIC])
        self.policy("111111111111")
        self.state("errors", "ALARM")
        self.policy(ACCOUNT)
        self.sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
        self.state("errors", "OK")
        self.assertEqual(self.new_mail()[1:], [])
        self.sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="KmsMasterKeyId", AttributeValue="")
        self.state("errors", "ALARM")
        self.assertEqual(len(self.new_mail()), 2)

    def policy(self, account):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": TOPIC,
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=text)

    def test_saved_queries(self):
        logs = client("logs")
        put = logs.put_query_definition
        one = put(name="app/errors", queryString="fields @message", logGroupNames=["app"])["queryDefinitionId"]
        put(name="app/errors", queryDefinitionId=one, queryString="fields @timestamp", logGroupNames=["app"])
        (found,) = logs.describe_query_definitions(queryDefinitionNamePrefix="app/")["queryDefinitions"]
        self.assertEqual((found["queryDefinitionId"], found["queryString"]), (one, "fields @timestamp"))
        logs.delete_query_definition(queryDefinitionId=one)
        self.refused("ResourceNotFoundException", logs.delete_query_definition, queryDefinitionId=one)

    def test_metrics_in_log_events(self):
        logs, at = client("logs"), int(time.time() * 1000)
        logs.create_log_group(logGroupName="app")
        logs.create_log_stream(logGroupName="app", logStreamName="i-1")
        about = {"Namespace": "App", "Dimensions": [["Stack"]], "Metrics": [{"Name": "Memory", "Unit": "Percent"}]}
        line = {"_aws": {"Timestamp": at, "CloudWatchMetrics": [about]}, "Stack": "app", "Memory": 41}
        events = [{"timestamp": at, "message": text} for text in (json.dumps(line), "plain", '{"_aws": 1}', "{")]
        logs.put_log_events(logGroupName="app", logStreamName="i-1", logEvents=events)
        (found,) = self.watch.list_metrics(Namespace="App")["Metrics"]
        self.assertEqual((found["MetricName"], found["Dimensions"]), ("Memory", [{"Name": "Stack", "Value": "app"}]))

    def test_a_list_in_a_log_event_is_as_many_values(self):
        logs, now = client("logs"), int(time.time())
        logs.create_log_group(logGroupName="app")
        logs.create_log_stream(logGroupName="app", logStreamName="i-1")
        about = {"Namespace": "App", "Dimensions": [["Stack"]], "Metrics": [{"Name": "Seconds"}]}
        line = {"_aws": {"Timestamp": now * 1000, "CloudWatchMetrics": [about]}, "Stack": "app", "Seconds": [1, 2, 6]}
        logs.put_log_events(logGroupName="app", logStreamName="i-1", logEvents=[{"timestamp": now * 1000, "message": json.dumps(line)}])
        (point,) = self.watch.get_metric_statistics(
            Namespace="App", MetricName="Seconds", Dimensions=[{"Name": "Stack", "Value": "app"}], Period=60,
            StartTime=now - now % 60, EndTime=now - now % 60 + 60, Statistics=["SampleCount", "Maximum"],
        )["Datapoints"]
        self.assertEqual((point["SampleCount"], point["Maximum"]), (3, 6))
