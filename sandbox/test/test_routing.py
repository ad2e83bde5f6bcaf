"""Several load balancers behind one name: Route53's policies and health checks."""

from region import RegionTest, also_in_moto, client, load_balancer, network, sandbox
from test_hosted_zones import record

NAME = "api.example.com"


class Routing(RegionTest):
    def setUp(self):
        super().setUp()
        self.zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": NAME})["id"]

    def balancer(self, name):
        """The load balancer's target of an alias, and its loopback port."""
        arn, listener, _ = load_balancer(*network(), name=name)
        [made] = client("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        target = {"DNSName": made["DNSName"], "HostedZoneId": made["CanonicalHostedZoneId"], "EvaluateTargetHealth": False}
        return target, sandbox("GET", "/listeners")[listener]["port"]

    def put(self, target, identifier, check=None, name=NAME, action="CREATE", **policy):
        rest = {"Type": "A", "AliasTarget": target, **policy}
        if identifier:
            rest["SetIdentifier"] = identifier
        if check:
            rest["HealthCheckId"] = check
        record(self.zone, name, rest, action)

    def check(self, alarm, region="eu-west-1", **config):
        """A health check that follows an alarm, which it makes."""
        client("cloudwatch", region).put_metric_alarm(
            AlarmName=alarm,
            Namespace="AWS/ApplicationELB",
            MetricName="HealthyHostCount",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
        )
        config = {
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": {"Name": alarm, "Region": region},
            "InsufficientDataHealthStatus": "Unhealthy",
            **config,
        }
        return client("route53").create_health_check(CallerReference=alarm, HealthCheckConfig=config)["HealthCheck"]["Id"]

    def calculated(self, *children):
        config = {"Type": "CALCULATED", "ChildHealthChecks": list(children), "HealthThreshold": 1}
        return client("route53").create_health_check(CallerReference="of all", HealthCheckConfig=config)["HealthCheck"]["Id"]

    def state(self, alarm, value, region="eu-west-1"):
        client("cloudwatch", region).set_alarm_state(AlarmName=alarm, StateValue=value, StateReason="test")

    def port(self, name=NAME):
        return sandbox("GET", "/addresses")[name]["80"]

    def test_the_secondary_answers_while_the_primary_is_unhealthy(self):
        primary, primary_port = self.balancer("one")
        secondary, secondary_port = self.balancer("two")
        check = self.calculated(self.check("blue"), self.check("green"))
        self.put(secondary, "b", Failover="SECONDARY")
        self.put(primary, "a", check, Failover="PRIMARY")
        # Neither alarm has data.
        self.assertEqual(self.port(), secondary_port)
        self.state("blue", "OK")
        self.assertEqual(self.port(), primary_port)
        self.state("green", "ALARM")
        self.assertEqual(self.port(), primary_port)
        self.state("blue", "ALARM")
        self.assertEqual(self.port(), secondary_port)
        self.state("green", "OK")
        self.assertEqual(self.port(), primary_port)

    def test_a_primary_alone_answers_in_any_case(self):
        primary, port = self.balancer("one")
        self.put(primary, "a", self.check("blue"), Failover="PRIMARY")
        self.assertEqual(self.port(), port)

    def test_of_latency_records_a_healthy_one_answers(self):
        one, one_port = self.balancer("one")
        two, two_port = self.balancer("two")
        self.put(one, "a", self.check("one"), Region="eu-west-1")
        self.put(two, "b", self.check("two", "eu-central-1"), Region="eu-central-1")
        # Both are unhealthy, and so both count as healthy.
        self.assertEqual(self.port(), one_port)
        self.state("two", "OK", "eu-central-1")
        self.assertEqual(self.port(), two_port)
        self.state("one", "OK")
        self.assertEqual(self.port(), one_port)

    def test_a_check_may_keep_its_last_state(self):
        primary, primary_port = self.balancer("one")
        secondary, secondary_port = self.balancer("two")
        self.put(primary, "a", self.check("one", InsufficientDataHealthStatus="LastKnownStatus"), Failover="PRIMARY")
        self.put(secondary, "b", Failover="SECONDARY")
        self.assertEqual(self.port(), primary_port)
        self.state("one", "ALARM")
        self.assertEqual(self.port(), secondary_port)
        self.state("one", "INSUFFICIENT_DATA")
        self.assertEqual(self.port(), secondary_port)

    def test_records_of_one_name_have_one_policy(self):
        one, _ = self.balancer("one")
        self.put(one, "a", Region="eu-west-1")
        for identifier, policy in ((None, {}), ("b", {"Failover": "PRIMARY"}), ("b", {"Weight": 1}), ("b", {"Region": "eu-west-1"})):
            with self.subTest(policy):
                message = self.refused("InvalidChangeBatch", self.put, target=one, identifier=identifier, **policy)
                self.assertIn("type A, SetIdentifier", message)

    def test_a_name_has_one_primary(self):
        one, _ = self.balancer("one")
        self.put(one, "a", Failover="PRIMARY")
        self.refused("InvalidChangeBatch", self.put, target=one, identifier="b", Failover="PRIMARY")
        self.put(one, "b", Failover="SECONDARY")

    def test_a_batch_may_change_the_policy(self):
        one, _ = self.balancer("one")
        self.put(one, None)
        old = {"Name": NAME, "Type": "A", "AliasTarget": one}
        new = {**old, "SetIdentifier": "a", "Region": "eu-west-1"}
        changes = [{"Action": "DELETE", "ResourceRecordSet": old}, {"Action": "CREATE", "ResourceRecordSet": new}]
        client("route53").change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": changes})
        self.assertEqual(self.identifiers(), [(f"{NAME}.", "a")])

    def test_a_deleted_record_leaves_those_of_other_names(self):
        one, _ = self.balancer("one")
        for name in (NAME, "www.example.com"):
            self.put(one, "a", name=name, Region="eu-west-1")
        self.put(one, "a", action="DELETE", Region="eu-west-1")
        self.assertEqual(self.identifiers(), [("www.example.com.", "a")])

    def identifiers(self):
        records = client("route53").list_resource_record_sets(HostedZoneId=self.zone)["ResourceRecordSets"]
        return [(one["Name"], one.get("SetIdentifier")) for one in records if one["Type"] == "A"]

    def test_a_check_shows_what_it_follows(self):
        child = self.check("blue")
        parent = self.calculated(child)
        route53 = client("route53")
        config = route53.get_health_check(HealthCheckId=child)["HealthCheck"]["HealthCheckConfig"]
        self.assertEqual(config["AlarmIdentifier"], {"Name": "blue", "Region": "eu-west-1"})
        self.assertEqual(config["InsufficientDataHealthStatus"], "Unhealthy")
        self.assertNotIn("RequestInterval", config)
        route53.update_health_check(HealthCheckId=child, InsufficientDataHealthStatus="Healthy")
        route53.update_health_check(HealthCheckId=parent, HealthThreshold=1)
        config = route53.get_health_check(HealthCheckId=child)["HealthCheck"]["HealthCheckConfig"]
        self.assertEqual(config["InsufficientDataHealthStatus"], "Healthy")
        self.assertEqual(config["AlarmIdentifier"]["Name"], "blue")
        config = route53.get_health_check(HealthCheckId=parent)["HealthCheck"]["HealthCheckConfig"]
        self.assertEqual(config["ChildHealthChecks"], [child])

    @also_in_moto
    def test_a_check_has_tags_until_it_is_gone(self):
        check = self.check("blue")
        route53 = client("route53")
        route53.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=[{"Key": "a", "Value": "b"}])
        [tags] = route53.list_tags_for_resources(ResourceType="healthcheck", ResourceIds=[check])["ResourceTagSets"]
        self.assertEqual(tags["Tags"], [{"Key": "a", "Value": "b"}])
        route53.delete_health_check(HealthCheckId=check)
        self.assertEqual(route53.list_health_checks()["HealthChecks"], [])
