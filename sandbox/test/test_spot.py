"""Spot Instances that AWS reclaims."""

from region import WeatherTest, client, described, health, instance, launch_template, load_balancer, members, network


class SpotNotices(WeatherTest):
    def setUp(self):
        super().setUp()
        self.asg = client("autoscaling")
        self.vpc, self.subnets = network()
        _, _, self.targets = load_balancer(self.vpc, self.subnets)

    def group(self):
        policy = {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": launch_template("fleet"), "Version": "1"},
                "Overrides": [{"InstanceType": "c7i.large"}],
            },
            "InstancesDistribution": {"OnDemandBaseCapacity": 1, "OnDemandPercentageAboveBaseCapacity": 0},
        }
        self.asg.create_auto_scaling_group(
            AutoScalingGroupName="fleet",
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=2,
            VPCZoneIdentifier=",".join(self.subnets),
            MixedInstancesPolicy=policy,
            CapacityRebalance=True,
            TargetGroupARNs=[self.targets],
        )

    def spots(self):
        return [one for one in members() if instance(one).get("InstanceLifecycle") == "spot"]

    def test_a_group_with_capacity_rebalancing_starts_a_successor_while_the_instance_still_serves(self):
        self.group()
        (taken,) = self.spots()
        stays = [one for one in members() if one != taken]
        self.switch(spot_notice="1s")
        self.eventually(lambda: len(members()) == 3)
        self.assertIn(taken, health(self.targets))
        self.switch()
        self.assertTrue(set(stays) < set(members()))
