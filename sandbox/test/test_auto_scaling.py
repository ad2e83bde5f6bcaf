"""Auto Scaling groups: where instances start, how they leave, what is refused."""

from region import (
    RegionTest,
    also_in_moto,
    client,
    described,
    group,
    health,
    instance,
    launch_template,
    load_balancer,
    members,
    network,
)


class Capacity(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg, self.ec2 = client("autoscaling"), client("ec2")
        self.vpc, self.subnets = network()

    def desire(self, capacity, name="fleet"):
        self.asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=capacity)

    def test_instances_are_spread_over_the_zones(self):
        group(subnets=self.subnets, desired=4)
        zones = [one["AvailabilityZone"] for one in described()["Instances"]]
        self.assertEqual(sorted(zones), ["eu-west-1a", "eu-west-1a", "eu-west-1b", "eu-west-1b"])

    def test_instances_are_in_service_and_registered_at_once(self):
        _, _, target_group = load_balancer(self.vpc, self.subnets)
        group(subnets=self.subnets, target_groups=[target_group])
        self.desire(2)
        self.assertEqual(health(target_group), {one: "initial" for one in members()})
        self.assertEqual(len(members()), 2)

    def test_a_group_starts_the_version_that_it_names(self):
        template = launch_template()
        newer = {"ImageId": "ami-87654321", "InstanceType": "t3.large"}
        self.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=newer)
        group(subnets=self.subnets, template=template, desired=1)
        self.asg.update_auto_scaling_group(
            AutoScalingGroupName="fleet", LaunchTemplate={"LaunchTemplateId": template, "Version": "2"}
        )
        self.desire(2)
        versions = sorted(one["LaunchTemplate"]["Version"] for one in described()["Instances"])
        self.assertEqual(versions, ["1", "2"])
        tags = [{tag["Key"]: tag["Value"] for tag in instance(one)["Tags"]} for one in members()]
        self.assertEqual(sorted(one["aws:ec2launchtemplate:version"] for one in tags), ["1", "2"])

    def test_group_tags_win_over_the_template_s(self):
        own = [{"Key": "colour", "Value": "template"}, {"Key": "disk", "Value": "yes"}]
        specification = [{"ResourceType": "instance", "Tags": own}]
        template = launch_template(TagSpecifications=specification)
        tags = [
            {"Key": "colour", "Value": "group", "PropagateAtLaunch": True},
            {"Key": "secret", "Value": "x", "PropagateAtLaunch": False},
        ]
        group(subnets=self.subnets, template=template, desired=1, Tags=tags)
        found = {tag["Key"]: tag["Value"] for tag in instance(members()[0])["Tags"]}
        self.assertEqual((found["colour"], found["disk"], found.get("secret")), ("group", "yes", None))
        self.assertEqual(found["aws:autoscaling:groupName"], "fleet")

    def test_a_capacity_outside_of_the_bounds_is_refused(self):
        group(subnets=self.subnets, low=1, high=2, desired=1)
        high = self.refused("ValidationError", self.desire, capacity=3)
        self.assertIn("above max value 2", high)
        self.assertIn("below min value 1", self.refused("ValidationError", self.desire, capacity=0))
        create = {"name": "other", "subnets": self.subnets, "low": 2, "high": 3, "desired": 1}
        self.refused("ValidationError", group, **create)
        update = {"AutoScalingGroupName": "fleet", "DesiredCapacity": 3}
        self.refused("ValidationError", self.asg.update_auto_scaling_group, **update)

    def test_new_bounds_move_the_capacity(self):
        """The desired capacity counts, not the number of instances: one of these two is in standby."""
        group(subnets=self.subnets, desired=2)
        aside = members()[0]
        self.asg.enter_standby(AutoScalingGroupName="fleet", InstanceIds=[aside], ShouldDecrementDesiredCapacity=True)
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", MinSize=2)
        self.assertEqual((described()["DesiredCapacity"], len(members())), (2, 2))
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", MinSize=0, MaxSize=1)
        self.assertEqual((described()["DesiredCapacity"], len(members())), (1, 1))

    def test_scaling_in_takes_from_the_fullest_zone_the_oldest(self):
        group(subnets=self.subnets, desired=3)
        first = members()[0]
        crowded = instance(first)["Placement"]["AvailabilityZone"]
        self.desire(2)
        self.assertNotIn(first, members())
        zones = {instance(one)["Placement"]["AvailabilityZone"] for one in members()}
        self.assertEqual(zones, {"eu-west-1a", "eu-west-1b"}, crowded)

    def test_scaling_in_spares_what_is_in_standby(self):
        group(subnets=self.subnets, desired=2)
        aside = members()[0]
        self.asg.enter_standby(AutoScalingGroupName="fleet", InstanceIds=[aside], ShouldDecrementDesiredCapacity=True)
        self.desire(0)
        self.assertEqual((members(state="Standby"), members()), ([aside], []))

    def test_a_suspended_group_starts_nothing(self):
        group(subnets=self.subnets)
        self.asg.suspend_processes(AutoScalingGroupName="fleet", ScalingProcesses=["Launch"])
        self.desire(2)
        self.assertEqual((described()["DesiredCapacity"], members()), (2, []))

    def test_an_unknown_group_is_a_validation_error(self):
        self.refused("ValidationError", self.desire, capacity=1, name="nobody")

    def test_activities_tell_what_happened(self):
        group(subnets=self.subnets, desired=1)
        first = members()[0]
        self.desire(0)
        activities = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]
        expected = [f"Terminating EC2 instance: {first}", f"Launching a new EC2 instance: {first}"]
        self.assertEqual([one["Description"] for one in activities], expected)
        self.assertEqual({one["StatusCode"] for one in activities}, {"Successful"})
        self.assertIn("desired capacity from 1 to 0", activities[0]["Cause"])


class Leaving(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg, self.ec2, self.elbv2 = client("autoscaling"), client("ec2"), client("elbv2")
        self.vpc, self.subnets = network()
        _, _, self.target_group = load_balancer(self.vpc, self.subnets)
        group(subnets=self.subnets, target_groups=[self.target_group], desired=2)
        self.first, self.second = members()

    def terminate(self, instance_id, shrink):
        self.asg.terminate_instance_in_auto_scaling_group(InstanceId=instance_id, ShouldDecrementDesiredCapacity=shrink)

    def state(self, instance_id):
        return instance(instance_id)["State"]["Name"]

    def test_scaling_in_drains_before_it_ends(self):
        self.asg.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=1)
        leaving = members(state="Terminating")
        self.assertEqual(len(leaving), 1)
        self.assertEqual((health(self.target_group)[leaving[0]], self.state(leaving[0])), ("draining", "running"))
        activity = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"][0]
        self.assertEqual(activity["StatusCode"], "WaitingForELBConnectionDraining")
        self.eventually(lambda: self.state(leaving[0]) == "terminated")
        self.assertNotIn(leaving[0], health(self.target_group))
        self.assertEqual(len(described()["Instances"]), 1)
        activity = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"][0]
        self.assertEqual(activity["StatusCode"], "Successful")

    def test_terminating_one_replaces_it(self):
        self.terminate(self.first, shrink=False)
        self.assertEqual((described()["DesiredCapacity"], len(members())), (2, 2))
        self.assertEqual(health(self.target_group)[self.first], "draining")
        self.eventually(lambda: self.state(self.first) == "terminated")

    def test_terminating_one_may_shrink_the_group(self):
        self.terminate(self.first, shrink=True)
        self.assertEqual((described()["DesiredCapacity"], members()), (1, [self.second]))
        self.assertEqual(health(self.target_group)[self.first], "draining")

    def test_but_not_below_its_minimum(self):
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", MinSize=2)
        self.refused("ValidationError", self.terminate, instance_id=self.first, shrink=True)

    def test_an_instance_that_ec2_ends_is_replaced_and_deregistered(self):
        self.ec2.terminate_instances(InstanceIds=[self.first])
        self.assertEqual(len(members()), 2)
        self.assertNotIn(self.first, [one["InstanceId"] for one in described()["Instances"]])
        self.assertEqual(health(self.target_group)[self.first], "draining")
        causes = [one["Cause"] for one in self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]]
        self.assertTrue(any("EC2 health check" in cause for cause in causes), causes)

    def test_an_instance_that_is_stopped_is_replaced(self):
        self.ec2.stop_instances(InstanceIds=[self.first])
        self.eventually(lambda: len(members()) == 2 and self.first not in members())
        self.eventually(lambda: self.state(self.first) == "terminated")

    def test_an_unhealthy_instance_is_replaced(self):
        self.asg.set_instance_health(InstanceId=self.first, HealthStatus="Unhealthy", ShouldRespectGracePeriod=False)
        self.assertEqual((len(members()), members(state="Terminating")), (2, [self.first]))

    def test_but_not_within_the_grace_period(self):
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", HealthCheckGracePeriod=60)
        self.asg.set_instance_health(InstanceId=self.first, HealthStatus="Unhealthy")
        statuses = {one["InstanceId"]: one["HealthStatus"] for one in described()["Instances"]}
        self.assertEqual(statuses[self.first], "Healthy")
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", HealthCheckGracePeriod=0)
        self.asg.set_instance_health(InstanceId=self.first, HealthStatus="Unhealthy")
        self.assertEqual(members(state="Terminating"), [self.first])

    def test_nor_when_replacing_is_suspended(self):
        self.asg.suspend_processes(AutoScalingGroupName="fleet", ScalingProcesses=["ReplaceUnhealthy"])
        arguments = {"InstanceId": self.first, "HealthStatus": "Unhealthy", "ShouldRespectGracePeriod": False}
        self.asg.set_instance_health(**arguments)
        self.assertEqual(sorted(members()), sorted([self.first, self.second]))
        self.asg.resume_processes(AutoScalingGroupName="fleet")
        self.asg.set_instance_health(**arguments)
        self.assertEqual(members(state="Terminating"), [self.first])

    def test_a_detached_instance_runs_on_unregistered(self):
        self.asg.detach_instances(AutoScalingGroupName="fleet", InstanceIds=[self.first], ShouldDecrementDesiredCapacity=True)
        self.assertEqual((self.state(self.first), members()), ("running", [self.second]))
        self.assertEqual(health(self.target_group), {self.second: "initial", self.first: "draining"})

    def test_a_terminated_instance_is_forgotten_after_a_while(self):
        self.ec2.terminate_instances(InstanceIds=[self.first])
        self.assertEqual(self.state(self.first), "terminated")

        def shown():
            reservations = self.ec2.describe_instances()["Reservations"]
            return [one["InstanceId"] for reservation in reservations for one in reservation["Instances"]]

        self.eventually(lambda: self.first not in shown(), seconds=8)


class Standby(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg = client("autoscaling")
        self.vpc, self.subnets = network()
        _, _, self.target_group = load_balancer(self.vpc, self.subnets)
        group(subnets=self.subnets, target_groups=[self.target_group], low=1, high=2, desired=2)
        self.first, self.second = members()

    def enter(self, instance_id, shrink=True):
        self.asg.enter_standby(AutoScalingGroupName="fleet", InstanceIds=[instance_id], ShouldDecrementDesiredCapacity=shrink)

    def leave(self, instance_id):
        self.asg.exit_standby(AutoScalingGroupName="fleet", InstanceIds=[instance_id])

    def settle(self):
        self.eventually(lambda: not members(state="EnteringStandby"))

    def test_it_deregisters_and_registers_again(self):
        self.enter(self.first)
        self.assertEqual((members(state="EnteringStandby"), described()["DesiredCapacity"]), ([self.first], 1))
        self.assertEqual(health(self.target_group)[self.first], "draining")
        self.settle()
        self.assertEqual(members(state="Standby"), [self.first])
        self.leave(self.first)
        self.assertEqual((sorted(members()), described()["DesiredCapacity"]), (sorted([self.first, self.second]), 2))
        self.assertEqual(health(self.target_group)[self.first], "initial")

    def test_it_does_not_shrink_the_group_below_its_minimum(self):
        self.enter(self.first)
        message = self.refused("ValidationError", self.enter, instance_id=self.second)
        self.assertIn("min-size=1, max-size=2, and desired-size=1", message)

    def test_without_shrinking_another_instance_comes(self):
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", MinSize=2)
        self.enter(self.first, shrink=False)
        self.assertEqual((len(members()), described()["DesiredCapacity"]), (2, 2))
        self.assertEqual(health(self.target_group)[self.first], "draining")

    def test_it_is_in_standby_when_it_has_drained_and_cannot_come_back_before(self):
        self.enter(self.first)
        self.assertIn("is not in Standby", self.refused("ValidationError", self.leave, instance_id=self.first))
        statuses = [one["StatusCode"] for one in self.activities("Moving EC2 instance to Standby")]
        self.settle()
        self.assertNotIn(self.first, health(self.target_group))
        statuses += [one["StatusCode"] for one in self.activities("Moving EC2 instance to Standby")]
        self.assertEqual(statuses, ["InProgress", "Successful"])

    def activities(self, words):
        found = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]
        return [one for one in found if words in one["Description"]]

    @also_in_moto
    def test_one_that_is_ended_while_it_drains_does_not_come_to_standby(self):
        self.enter(self.first)
        self.asg.terminate_instance_in_auto_scaling_group(InstanceId=self.first, ShouldDecrementDesiredCapacity=False)
        self.eventually(lambda: self.first not in [one["InstanceId"] for one in described()["Instances"]])
        self.assertEqual(members(), [self.second])

    def test_coming_back_needs_room_below_the_maximum(self):
        self.enter(self.first, shrink=False)
        self.settle()
        message = self.refused("ValidationError", self.leave, instance_id=self.first)
        self.assertIn("To move to service 1 instance", message)

    @also_in_moto
    def test_its_state_is_also_told_by_instance(self):
        self.enter(self.first)
        self.settle()
        found = self.asg.describe_auto_scaling_instances(InstanceIds=[self.first, self.second])["AutoScalingInstances"]
        states = {one["InstanceId"]: one["LifecycleState"] for one in found}
        self.assertEqual(states, {self.first: "Standby", self.second: "InService"})

    def test_only_an_instance_in_service_can_enter(self):
        self.enter(self.first)
        self.refused("ValidationError", self.enter, instance_id=self.first)
