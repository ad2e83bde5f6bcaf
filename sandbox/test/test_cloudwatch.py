"""Metrics and alarms."""

import datetime

from region import RegionTest, also_in_moto, client

MINUTE = datetime.timedelta(minutes=1)


class Metrics(RegionTest):
    def setUp(self):
        super().setUp()
        self.cloudwatch = client("cloudwatch")
        now = datetime.datetime.now(datetime.timezone.utc)
        self.start = now.replace(second=0, microsecond=0) - 5 * MINUTE

    def put(self, name, at=0.0, dimensions=None, **data):
        moment = self.start + at * MINUTE
        listed = [{"Name": key, "Value": value} for key, value in (dimensions or {}).items()]
        datum = {"MetricName": name, "Timestamp": moment, "Dimensions": listed, **data}
        self.cloudwatch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[datum])

    def query(self, name, stat, dimensions=None, **more):
        listed = [{"Name": key, "Value": value} for key, value in (dimensions or {}).items()]
        metric = {"Namespace": "AWS/ApplicationELB", "MetricName": name, "Dimensions": listed}
        return {"Id": name.lower()[:8], "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}, **more}

    def values(self, *queries, shift=0.0):
        """Of the last query: [(minute, value)], oldest first."""
        answer = self.cloudwatch.get_metric_data(
            MetricDataQueries=list(queries),
            StartTime=self.start + shift * MINUTE,
            EndTime=self.start + 5 * MINUTE,
            ScanBy="TimestampAscending",
        )
        found = answer["MetricDataResults"][-1]
        return [((at - self.start) / MINUTE, value) for at, value in zip(found["Timestamps"], found["Values"], strict=True)]

    @also_in_moto
    def test_the_balancer_s_metrics_can_be_published(self):
        self.put("RequestCount", Value=3)
        self.put("RequestCount", Value=4)
        self.assertEqual(self.values(self.query("RequestCount", "Sum")), [(0, 7)])

    def test_percentiles_are_computed(self):
        self.put("TargetResponseTime", Values=[0.1, 0.2, 5.0], Counts=[90, 9, 1])
        stats = {stat: self.values(self.query("TargetResponseTime", stat)) for stat in ("p50", "p90", "p99", "p100")}
        self.assertEqual(stats, {"p50": [(0, 0.1)], "p90": [(0, 0.1)], "p99": [(0, 0.2)], "p100": [(0, 5.0)]})

    @also_in_moto
    def test_values_with_counts_make_the_other_statistics(self):
        self.put("TargetResponseTime", Values=[1.0, 4.0], Counts=[2, 1])
        stats = {
            stat: self.values(self.query("TargetResponseTime", stat))[0][1] for stat in ("Average", "Maximum", "SampleCount")
        }
        self.assertEqual(stats, {"Average": 2.0, "Maximum": 4.0, "SampleCount": 3})

    def test_points_are_of_whole_periods(self):
        self.put("RequestCount", at=0.1, Value=1)
        self.put("RequestCount", at=0.9, Value=2)
        self.put("RequestCount", at=1.1, Value=4)
        self.assertEqual(self.values(self.query("RequestCount", "Sum"), shift=0.5), [(0, 3), (1, 4)])

    def test_a_metric_is_named_by_all_its_dimensions(self):
        both = {"LoadBalancer": "app/web/1", "TargetGroup": "targetgroup/a/1"}
        self.put("RequestCount", dimensions=both, Value=1)
        self.put("RequestCount", dimensions={"LoadBalancer": "app/web/1"}, Value=2)
        self.put("RequestCount", Value=4)
        turned = dict(reversed(both.items()))
        found = [self.values(self.query("RequestCount", "Sum", one)) for one in (both, turned, {"LoadBalancer": "app/web/1"}, {})]
        self.assertEqual(found, [[(0, 1)], [(0, 1)], [(0, 2)], [(0, 4)]])

    def test_metric_math_is_computed(self):
        self.put("Errors", Value=5)
        self.put("Requests", Value=100)
        self.put("Requests", at=1, Value=50)
        self.put("Requests", at=2, Value=0)
        errors, requests = self.query("Errors", "Sum", ReturnData=False), self.query("Requests", "Sum", ReturnData=False)

        def computed(expression):
            return self.values(errors, requests, {"Id": "e", "Expression": expression})

        self.assertEqual(computed("100 * errors / requests"), [(0, 5.0)])
        self.assertEqual(computed("IF(requests > 60, FILL(errors, 0) / requests, 0)"), [(0, 0.05), (1, 0), (2, 0)])
        self.assertEqual(computed("SUM([errors, requests])"), [(0, 105), (1, 50), (2, 0)])
        self.refused("ValidationError", computed, expression="ANOMALY_DETECTION_BAND(errors)")

    def test_get_metric_statistics_has_percentiles_too(self):
        self.put("TargetResponseTime", at=0.5, Values=[0.1, 5.0], Counts=[99, 1])
        answer = self.cloudwatch.get_metric_statistics(
            Namespace="AWS/ApplicationELB",
            MetricName="TargetResponseTime",
            StartTime=self.start,
            EndTime=self.start + 5 * MINUTE,
            Period=60,
            ExtendedStatistics=["p99"],
        )["Datapoints"]
        self.assertEqual([(one["Timestamp"], one["ExtendedStatistics"]) for one in answer], [(self.start, {"p99": 0.1})])


class Alarms(RegionTest):
    def setUp(self):
        super().setUp()
        self.cloudwatch = client("cloudwatch")

    def put(self, threshold=5, name="errors"):
        self.cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/ApplicationELB",
            MetricName="HTTPCode_Target_5XX_Count",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=threshold,
            ComparisonOperator="GreaterThanThreshold",
        )

    def alarm(self):
        return self.cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]

    def test_a_new_alarm_has_insufficient_data(self):
        self.put()
        self.assertEqual(self.alarm()["StateValue"], "INSUFFICIENT_DATA")

    @also_in_moto
    def test_alarms_are_read_by_name_and_unknown_names_left_out(self):
        self.put()
        self.put(name="latency")
        self.put(name="other")
        self.cloudwatch.set_alarm_state(AlarmName="latency", StateValue="ALARM", StateReason="slow")
        found = self.cloudwatch.describe_alarms(AlarmNames=["latency", "errors", "gone"])["MetricAlarms"]
        states = {one["AlarmName"]: (one["StateValue"], one["StateReason"] == "slow") for one in found}
        self.assertEqual({name: state for name, (state, _) in states.items()}, {"errors": states["errors"][0], "latency": "ALARM"})
        self.assertEqual((states["errors"][1], states["latency"][1]), (False, True))

    def test_names_and_a_state_both_count(self):
        self.put()
        self.put(name="latency")
        self.put(name="other")
        for name in ("latency", "other"):
            self.cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="slow")
        found = self.cloudwatch.describe_alarms(AlarmNames=["latency", "errors"], StateValue="ALARM")["MetricAlarms"]
        self.assertEqual([one["AlarmName"] for one in found], ["latency"])

    def test_an_update_keeps_the_state(self):
        self.put()
        self.cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="six errors")
        self.put(threshold=7)
        found = self.alarm()
        self.assertEqual((found["StateValue"], found["StateReason"], found["Threshold"]), ("ALARM", "six errors", 7))
