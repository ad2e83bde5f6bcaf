"""How instances leave an Auto Scaling group, and what replaces them."""

from region import RegionTest, client, described, group, health, instance, load_balancer, members, network


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

    def test_a_detached_instance_keeps_running_unregistered(self):
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
