"""The capacity of Auto Scaling groups: where instances start, what is refused."""

from region import IMAGE, RegionTest, client, described, group, health, instance, launch_template, load_balancer, members, network


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
        newer = {"ImageId": IMAGE, "InstanceType": "t3.large"}
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
        self.refused("ValidationError", self.desire, capacity=1, name="unknown")

    def test_activities_describe_what_happened(self):
        group(subnets=self.subnets, desired=1)
        first = members()[0]
        self.desire(0)
        activities = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]
        expected = [f"Terminating EC2 instance: {first}", f"Launching a new EC2 instance: {first}"]
        self.assertEqual([one["Description"] for one in activities], expected)
        self.assertEqual({one["StatusCode"] for one in activities}, {"Successful"})
        self.assertIn("desired capacity from 1 to 0", activities[0]["Cause"])
