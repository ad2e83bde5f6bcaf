"""DescribeTargetHealth returns what the balancer reported, in AWS's states and reasons."""

from region import ENDPOINT, IMAGE, RegionTest, client, http, load_balancer, network, sandbox, target_group


class TargetHealth(RegionTest):
    def setUp(self):
        super().setUp()
        self.elbv2, self.ec2 = client("elbv2"), client("ec2")
        self.vpc, self.subnets = network()
        _, self.listener, self.group = load_balancer(self.vpc, self.subnets)
        run = self.ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=self.subnets[0])
        self.instance = run["Instances"][0]["InstanceId"]

    def register(self, group=None):
        self.elbv2.register_targets(TargetGroupArn=group or self.group, Targets=[{"Id": self.instance}])

    def health(self, group=None, **only):
        answer = self.elbv2.describe_target_health(TargetGroupArn=group or self.group, **only)
        return [one["TargetHealth"] for one in answer["TargetHealthDescriptions"]]

    def test_a_new_target_is_initial(self):
        self.register()
        self.assertEqual(
            self.health(),
            [
                {
                    "State": "initial",
                    "Reason": "Elb.RegistrationInProgress",
                    "Description": "Target registration is in progress",
                }
            ],
        )

    def test_it_is_what_the_balancer_reports(self):
        self.register()
        found = {"state": "unhealthy", "reason": "Target.ResponseCodeMismatch", "description": "status 503"}
        sandbox("PUT", "/target-health", {self.group: {self.instance: found}})
        expected = {"State": "unhealthy", "Reason": "Target.ResponseCodeMismatch", "Description": "status 503"}
        self.assertEqual(self.health(), [expected])
        sandbox("PUT", "/target-health", {self.group: {self.instance: {"state": "healthy"}}})
        self.assertEqual(self.health(), [{"State": "healthy"}])

    def test_a_report_replaces_the_one_before(self):
        self.register()
        sandbox("PUT", "/target-health", {self.group: {self.instance: {"state": "healthy"}}})
        sandbox("PUT", "/target-health", {self.group: {}})
        self.assertEqual(self.health()[0]["State"], "initial")

    def test_a_report_on_a_deleted_target_group_is_ignored(self):
        self.assertEqual(sandbox("PUT", "/target-health", {"arn:gone": {}}), {"unknown": ["arn:gone"]})

    def test_a_state_that_does_not_exist_is_refused(self):
        status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/target-health", {self.group: {self.instance: {"state": "fine"}}})
        self.assertEqual(status, 400)
        self.assertIn("fine", text)

    def test_a_target_group_that_no_listener_names_is_unused(self):
        idle = target_group(self.vpc, "idle")
        self.register(idle)
        sandbox("PUT", "/target-health", {idle: {self.instance: {"state": "healthy"}}})
        self.assertEqual((self.health(idle)[0]["State"], self.health(idle)[0]["Reason"]), ("unused", "Target.NotInUse"))

    def test_a_rule_uses_a_target_group_as_well(self):
        probed = target_group(self.vpc, "probed")
        self.register(probed)
        self.elbv2.create_rule(
            ListenerArn=self.listener,
            Priority=1,
            Conditions=[{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-probe", "Values": ["1"]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": probed}],
        )
        self.assertEqual(self.health(probed)[0]["State"], "initial")

    def test_a_deregistered_target_drains_until_its_delay_is_over(self):
        self.register()
        self.elbv2.deregister_targets(TargetGroupArn=self.group, Targets=[{"Id": self.instance}])
        self.assertEqual((self.health()[0]["State"], self.health()[0]["Reason"]), ("draining", "Target.DeregistrationInProgress"))
        self.eventually(lambda: self.health() == [])
        only = self.health(Targets=[{"Id": self.instance}])
        self.assertEqual((only[0]["State"], only[0]["Reason"]), ("unused", "Target.NotRegistered"))

    def test_registering_again_ends_the_draining(self):
        self.register()
        self.elbv2.deregister_targets(TargetGroupArn=self.group, Targets=[{"Id": self.instance}])
        self.register()
        self.assertEqual(self.health()[0]["State"], "initial")

    def test_a_terminated_instance_drains_and_disappears(self):
        self.register()
        self.ec2.terminate_instances(InstanceIds=[self.instance])
        self.assertEqual(self.health()[0]["State"], "draining")
        self.eventually(lambda: self.health() == [])

    def test_a_stopped_instance_is_unused(self):
        self.register()
        sandbox("PUT", "/target-health", {self.group: {self.instance: {"state": "healthy"}}})
        self.ec2.stop_instances(InstanceIds=[self.instance])
        self.assertEqual((self.health()[0]["State"], self.health()[0]["Reason"]), ("unused", "Target.InvalidState"))

    def test_the_health_check_port_is_the_target_s(self):
        self.register()
        answer = self.elbv2.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"][0]
        self.assertEqual((answer["Target"]["Port"], answer["HealthCheckPort"]), (8000, "8000"))
