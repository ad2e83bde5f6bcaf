"""Groups with a mixed instances policy."""

from region import WeatherTest, client, described, instance, launch_template, members, network


class MixedGroups(WeatherTest):
    """A mixed instances policy: types in an order, and a share of Spot."""

    def setUp(self):
        super().setUp()
        self.asg, self.ec2 = client("autoscaling"), client("ec2")
        self.subnets = network()[1]

    def group(self, desired=0, types=("c7i.large", "m7i.large"), **distribution):
        template = launch_template("fleet")
        policy = {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"},
                "Overrides": [{"InstanceType": one} for one in types],
            },
            "InstancesDistribution": {"OnDemandAllocationStrategy": "prioritized", **distribution},
        }
        self.asg.create_auto_scaling_group(
            AutoScalingGroupName="fleet",
            MinSize=0,
            MaxSize=8,
            DesiredCapacity=desired,
            VPCZoneIdentifier=",".join(self.subnets),
            MixedInstancesPolicy=policy,
        )

    def started(self):
        found = [instance(one) for one in members()]
        return sorted((one["InstanceType"], one.get("InstanceLifecycle", "on-demand")) for one in found)

    def test_a_type_without_capacity_gives_way_to_the_next(self):
        self.switch(no_capacity="c7i.large")
        self.group(desired=2)
        self.assertEqual(self.started(), [("m7i.large", "on-demand")] * 2)
        activities = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]
        self.assertEqual({one["StatusCode"] for one in activities}, {"Successful"})
        self.switch()
        self.asg.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=3)
        self.assertEqual(self.started()[0], ("c7i.large", "on-demand"))

    def test_a_group_without_any_of_its_types_says_which_error_it_met(self):
        self.switch(no_capacity="c7i.large+m7i.large")
        self.group(desired=1)
        self.assertEqual(self.started(), [])
        failed = self.asg.describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]
        self.assertEqual(len(failed), 2)
        for one in failed:
            self.assertRegex(
                one["StatusMessage"],
                r"^Could not launch On-Demand Instances\. InsufficientInstanceCapacity - We currently do not have sufficient m7i\.large",
            )

    def test_it_has_a_policy_in_place_of_a_launch_template(self):
        self.group()
        self.assertNotIn("LaunchTemplate", described())
        policy = described()["MixedInstancesPolicy"]
        self.assertEqual([one["InstanceType"] for one in policy["LaunchTemplate"]["Overrides"]], ["c7i.large", "m7i.large"])

    def test_new_bounds_keep_the_policy(self):
        self.group()
        before = described()["MixedInstancesPolicy"]
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", MinSize=1, MaxSize=3)
        self.assertEqual((described()["MixedInstancesPolicy"], described()["MinSize"]), (before, 1))

    def test_the_base_is_on_demand_and_the_rest_by_share(self):
        self.group(OnDemandBaseCapacity=1, OnDemandPercentageAboveBaseCapacity=25)
        for desired, spot in ((1, 0), (2, 0), (3, 1), (5, 3)):
            self.asg.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=desired)
            lifecycles = [lifecycle for _, lifecycle in self.started()]
            self.assertEqual(lifecycles.count("spot"), spot, desired)
