"""Auto Scaling groups: settings, policies, scheduled actions, deletion."""

import datetime

from region import RegionTest, also_in_moto, client, described, group, load_balancer, members, network


class Settings(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg = client("autoscaling")
        self.subnets = network()[1]

    def test_every_setting_is_kept(self):
        settings = {
            "DefaultInstanceWarmup": 30,
            "MaxInstanceLifetime": 604800,
            "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200},
            "HealthCheckGracePeriod": 60,
        }
        group(subnets=self.subnets, **settings)
        self.assertEqual({key: described().get(key) for key in settings}, settings)

    def test_without_a_grace_period_there_is_none(self):
        group(subnets=self.subnets)
        self.assertEqual(described()["HealthCheckGracePeriod"], 0)

    def test_an_update_changes_what_it_names_and_leaves_the_rest(self):
        group(subnets=self.subnets, DefaultInstanceWarmup=30, DefaultCooldown=60)
        self.asg.update_auto_scaling_group(
            AutoScalingGroupName="fleet", DefaultCooldown=90, TerminationPolicies=["NewestInstance"], CapacityRebalance=True
        )
        found = described()
        self.assertEqual(
            (found["DefaultCooldown"], found["TerminationPolicies"], found["CapacityRebalance"], found["DefaultInstanceWarmup"]),
            (90, ["NewestInstance"], True, 30),
        )
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", DefaultInstanceWarmup=-1)
        self.assertNotIn("DefaultInstanceWarmup", described())

    def test_a_second_group_of_the_same_name_is_refused(self):
        group(subnets=self.subnets)
        again = {"AutoScalingGroupName": "fleet", "MinSize": 0, "MaxSize": 1, "VPCZoneIdentifier": self.subnets[0]}
        again["LaunchTemplate"] = {"LaunchTemplateName": "fleet"}
        self.refused("AlreadyExists", self.asg.create_auto_scaling_group, **again)

    def test_a_group_with_instances_is_deleted_only_by_force(self):
        group(subnets=self.subnets, desired=1)
        instance = members()[0]
        self.refused("ResourceInUse", self.asg.delete_auto_scaling_group, AutoScalingGroupName="fleet")
        self.asg.delete_auto_scaling_group(AutoScalingGroupName="fleet", ForceDelete=True)
        self.assertEqual(self.asg.describe_auto_scaling_groups()["AutoScalingGroups"], [])
        found = client("ec2").describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        self.assertEqual(found["State"]["Name"], "terminated")

    def test_attaching_a_target_group_registers_what_is_in_service_only(self):
        vpc, subnets = network()
        _, _, target_group = load_balancer(vpc, subnets)
        group(name="late", subnets=subnets, desired=2)
        aside, serving = members("late")
        self.asg.enter_standby(AutoScalingGroupName="late", InstanceIds=[aside], ShouldDecrementDesiredCapacity=True)
        self.asg.attach_load_balancer_target_groups(AutoScalingGroupName="late", TargetGroupARNs=[target_group])
        answer = client("elbv2").describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
        self.assertEqual([one["Target"]["Id"] for one in answer], [serving])
        self.asg.detach_load_balancer_target_groups(AutoScalingGroupName="late", TargetGroupARNs=[target_group])
        states = [
            one["TargetHealth"]["State"]
            for one in client("elbv2").describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
        ]
        self.assertEqual(states, ["draining"])


class Policies(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg = client("autoscaling")
        subnets = network()[1]
        for colour in ("blue", "green"):
            group(name=colour, subnets=subnets, low=1, high=2)

    def put(self, name, group_name, **settings):
        tracking = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 60.0}
        return self.asg.put_scaling_policy(
            AutoScalingGroupName=group_name,
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration=tracking,
            **settings,
        )["PolicyARN"]

    def policies(self, **only):
        return self.asg.describe_policies(**only)["ScalingPolicies"]

    def test_target_tracking_has_a_pair_of_alarms_until_it_goes(self):
        label = "app/web/1/targetgroup/blue/2"
        specification = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}
        tracking = {"TargetValue": 600, "PredefinedMetricSpecification": specification}
        put = {"AutoScalingGroupName": "blue", "PolicyName": "target", "PolicyType": "TargetTrackingScaling"}
        self.asg.put_scaling_policy(**put, TargetTrackingConfiguration=tracking)
        self.asg.put_scaling_policy(**put, TargetTrackingConfiguration={**tracking, "TargetValue": 500})
        watch = client("cloudwatch")
        found = watch.describe_alarms(AlarmNamePrefix="TargetTracking-blue-")["MetricAlarms"]
        names = sorted(alarm["AlarmName"] for alarm in self.policies()[0]["Alarms"])
        self.assertEqual(sorted(alarm["AlarmName"] for alarm in found), names)
        high = next(alarm for alarm in found if "-AlarmHigh-" in alarm["AlarmName"])
        self.assertEqual((high["Threshold"], high["EvaluationPeriods"], high["MetricName"]), (500, 3, "RequestCountPerTarget"))
        self.asg.delete_policy(AutoScalingGroupName="blue", PolicyName="target")
        self.assertEqual(watch.describe_alarms()["MetricAlarms"], [])

    def test_two_groups_may_have_a_policy_of_the_same_name(self):
        self.put("cpu", "blue")
        self.put("cpu", "green")
        self.assertEqual({one["AutoScalingGroupName"] for one in self.policies()}, {"blue", "green"})
        self.asg.delete_policy(AutoScalingGroupName="blue", PolicyName="cpu")
        self.assertEqual([one["AutoScalingGroupName"] for one in self.policies()], ["green"])

    def test_a_policy_can_be_named_by_its_arn(self):
        self.put("cpu", "green")
        arn = self.put("cpu", "blue")
        self.asg.delete_policy(PolicyName=arn)
        self.assertEqual([one["AutoScalingGroupName"] for one in self.policies()], ["green"])

    def test_it_is_enabled_by_default(self):
        self.put("on", "blue")
        self.put("off", "blue", Enabled=False)
        self.assertEqual({one["PolicyName"]: one.get("Enabled") for one in self.policies()}, {"on": True, "off": False})

    def test_it_has_a_predictive_configuration_only_when_given(self):
        self.put("cpu", "blue")
        self.assertNotIn("PredictiveScalingConfiguration", self.policies()[0])

    def test_its_group_must_exist(self):
        self.refused("ValidationError", self.put, name="cpu", group_name="unknown")

    def test_it_stays_within_the_group_s_bounds(self):
        self.asg.put_scaling_policy(
            AutoScalingGroupName="blue", PolicyName="up", AdjustmentType="ChangeInCapacity", ScalingAdjustment=5
        )
        self.asg.execute_policy(AutoScalingGroupName="blue", PolicyName="up")
        self.assertEqual(described("blue")["DesiredCapacity"], 2)

    def test_scheduled_actions_are_named_within_their_group(self):
        for colour, capacity in (("blue", 1), ("green", 2)):
            self.asg.put_scheduled_update_group_action(
                AutoScalingGroupName=colour, ScheduledActionName="night", Recurrence="0 20 * * *", DesiredCapacity=capacity
            )
        self.asg.delete_scheduled_action(AutoScalingGroupName="blue", ScheduledActionName="night")
        left = self.asg.describe_scheduled_actions()["ScheduledUpdateGroupActions"]
        self.assertEqual([(one["AutoScalingGroupName"], one["DesiredCapacity"]) for one in left], [("green", 2)])

    def schedule(self, after, **sizes):
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=after)
        self.asg.put_scheduled_update_group_action(
            AutoScalingGroupName="blue", ScheduledActionName="idle", StartTime=start, **sizes
        )
        return start

    def actions(self):
        return self.asg.describe_scheduled_actions(AutoScalingGroupName="blue")["ScheduledUpdateGroupActions"]

    @also_in_moto
    def test_a_one_time_action_keeps_its_time_and_sizes(self):
        start = self.schedule(600, MinSize=0, DesiredCapacity=0)
        kept = self.actions()[0]
        self.assertEqual((kept["MinSize"], kept["DesiredCapacity"], kept.get("MaxSize")), (0, 0, None))
        self.assertLess(abs(kept["StartTime"] - start), datetime.timedelta(seconds=1))
        later = self.schedule(900, MinSize=0, DesiredCapacity=0)
        self.assertEqual([abs(one["StartTime"] - later).seconds for one in self.actions()], [0])

    def test_an_action_in_the_past_or_without_a_size_is_refused(self):
        self.refused("ValidationError", self.schedule, after=-60, MinSize=0, DesiredCapacity=0)
        self.refused("ValidationError", self.schedule, after=600)
        self.assertEqual(self.actions(), [])

    @also_in_moto
    def test_an_unknown_action_cannot_be_deleted(self):
        gone = {"AutoScalingGroupName": "blue", "ScheduledActionName": "idle"}
        self.refused("ValidationError", self.asg.delete_scheduled_action, **gone)
        self.schedule(600, MinSize=0, DesiredCapacity=0)
        self.asg.delete_scheduled_action(**gone)
        self.assertEqual(self.actions(), [])
        self.refused("ValidationError", self.asg.delete_scheduled_action, AutoScalingGroupName="unknown", ScheduledActionName="idle")

    @also_in_moto
    def test_a_group_may_be_scaled_to_nothing_by_its_minimum_and_capacity_in_one_call(self):
        """A one-time action does this when it is due."""
        self.asg.update_auto_scaling_group(AutoScalingGroupName="blue", MinSize=0, DesiredCapacity=0)
        self.assertEqual((described("blue")["MinSize"], described("blue")["DesiredCapacity"], members("blue")), (0, 0, []))

    def test_they_go_with_their_group(self):
        self.put("cpu", "blue")
        self.asg.put_scheduled_update_group_action(
            AutoScalingGroupName="blue", ScheduledActionName="night", Recurrence="0 20 * * *", DesiredCapacity=1
        )
        self.asg.delete_auto_scaling_group(AutoScalingGroupName="blue", ForceDelete=True)
        self.assertEqual(self.policies(), [])
        self.assertEqual(self.asg.describe_scheduled_actions()["ScheduledUpdateGroupActions"], [])
