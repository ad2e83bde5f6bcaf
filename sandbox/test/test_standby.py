"""Standby: how an instance leaves service and returns."""

from region import RegionTest, also_in_moto, client, described, group, health, load_balancer, members, network


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

    def test_without_shrinking_another_instance_starts(self):
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
    def test_its_state_is_also_returned_by_instance(self):
        self.enter(self.first)
        self.settle()
        found = self.asg.describe_auto_scaling_instances(InstanceIds=[self.first, self.second])["AutoScalingInstances"]
        states = {one["InstanceId"]: one["LifecycleState"] for one in found}
        self.assertEqual(states, {self.first: "Standby", self.second: "InService"})

    def test_only_an_instance_in_service_can_enter(self):
        self.enter(self.first)
        self.refused("ValidationError", self.enter, instance_id=self.first)
