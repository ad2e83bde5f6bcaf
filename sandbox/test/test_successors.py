"""Groups with an instance maintenance policy: an unhealthy instance leaves once its successor is ready."""

from region import RegionTest, client, described, group, health, load_balancer, members, network, sandbox

LAUNCH_FIRST = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}


class Successors(RegionTest):
    def setUp(self):
        super().setUp()
        self.asg = client("autoscaling")
        vpc, subnets = network()
        _, _, self.target_group = load_balancer(vpc, subnets)
        group(subnets=subnets, target_groups=[self.target_group], desired=2, InstanceMaintenancePolicy=LAUNCH_FIRST)
        self.first, self.second = members()

    def fail_check(self, instance_id):
        self.asg.set_instance_health(InstanceId=instance_id, HealthStatus="Unhealthy", ShouldRespectGracePeriod=False)

    def report(self, *healthy):
        states = {one: {"state": "healthy" if one in healthy else "unhealthy"} for one in members()}
        sandbox("PUT", "/target-health", {self.target_group: states})

    def test_the_unhealthy_instance_stays_until_its_successor_is_healthy(self):
        self.fail_check(self.first)
        (successor,) = set(members()) - {self.first, self.second}
        self.report(self.second)
        self.assertEqual((len(members()), health(self.target_group)[self.first]), (3, "unhealthy"))
        self.assertEqual(described()["DesiredCapacity"], 2)
        self.report(self.second, successor)
        self.eventually(lambda: sorted(members()) == sorted([self.second, successor]))
        self.assertEqual(members(state="Terminating"), [self.first])

    def test_all_at_once_get_successors_within_the_maximum(self):
        self.fail_check(self.first)
        self.fail_check(self.second)
        self.report()
        self.assertEqual(len(members()), 4)
        self.asg.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=1)
        self.assertEqual(len(members()), 3)
        self.report(*members())
        self.eventually(lambda: len(members()) == 1)
        self.assertNotIn(members()[0], (self.first, self.second))

    def test_a_narrow_maximum_replaces_one_after_the_other(self):
        policy = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", InstanceMaintenancePolicy=policy)
        self.fail_check(self.first)
        self.fail_check(self.second)
        self.report()
        self.assertEqual(len(members()), 3)
        (successor,) = set(members()) - {self.first, self.second}
        self.report(successor)
        self.eventually(lambda: self.first not in members() and len(members()) == 3)
        self.report(*members())
        self.eventually(lambda: self.second not in members() and len(members()) == 2)

    def test_without_a_policy_it_leaves_at_once(self):
        none = {"MinHealthyPercentage": -1, "MaxHealthyPercentage": -1}
        self.asg.update_auto_scaling_group(AutoScalingGroupName="fleet", InstanceMaintenancePolicy=none)
        self.assertNotIn("InstanceMaintenancePolicy", described())
        self.fail_check(self.first)
        self.assertEqual((len(members()), members(state="Terminating")), (2, [self.first]))
