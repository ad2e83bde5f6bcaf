"""Weather of the region itself: its index of tags, its capacity, its zones."""

from region import IMAGE, WeatherTest, client, described, group, launch_template, members, network

TAG = {"Key": "infer-deploy:name", "Value": "demo"}


class StaleTags(WeatherTest):
    def found(self, **more):
        answer = client("resourcegroupstaggingapi").get_resources(
            TagFilters=[{"Key": TAG["Key"], "Values": [TAG["Value"]]}], **more
        )
        return [one["ResourceARN"] for one in answer["ResourceTagMappingList"]]

    def repository(self, name):
        return client("ecr").create_repository(repositoryName=name, tags=[TAG])["repository"]["repositoryArn"]

    def test_what_was_deleted_is_listed_until_the_time_is_over(self):
        self.switch(stale_tags="2s")
        arn, other = self.repository("demo"), self.repository("other")
        client("ecr").delete_repository(repositoryName="demo")
        self.assertEqual(sorted(self.found()), sorted([arn, other]))
        self.assertEqual(self.found(ResourceTypeFilters=["ec2:vpc"]), [])
        self.eventually(lambda: self.found() == [other])

    def test_a_volume_that_goes_with_its_instance_is_listed_too(self):
        self.switch(stale_tags="20m")
        specification = [{"ResourceType": kind, "Tags": [TAG]} for kind in ("instance", "volume")]
        ec2 = client("ec2")
        run = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "TagSpecifications": specification}
        started = ec2.run_instances(**run)["Instances"][0]["InstanceId"]
        ec2.terminate_instances(InstanceIds=[started])
        self.assertEqual(ec2.describe_volumes()["Volumes"], [])
        kinds = sorted(arn.split(":")[5].split("/")[0] for arn in self.found())
        self.assertEqual(kinds, ["instance", "volume"])

    def test_off_again_the_list_is_right(self):
        self.switch(stale_tags="20m")
        self.repository("demo")
        client("ecr").delete_repository(repositoryName="demo")
        self.switch()
        self.assertEqual(self.found(), [])


class NoCapacity(WeatherTest):
    def setUp(self):
        super().setUp()
        _, self.subnets = network()

    def activities(self):
        return client("autoscaling").describe_scaling_activities(AutoScalingGroupName="fleet")["Activities"]

    def test_a_group_goes_on_in_the_next_zone(self):
        self.switch(no_capacity="a")
        group(subnets=self.subnets, desired=2)
        self.assertEqual([one["AvailabilityZone"] for one in described()["Instances"]], ["eu-west-1b", "eu-west-1b"])
        found = list(reversed(self.activities()))
        self.assertIn("Failed", [one["StatusCode"] for one in found])
        self.assertEqual(found[-1]["StatusCode"], "Successful")
        failed = found[0]
        self.assertEqual(failed["StatusCode"], "Failed")
        self.assertIn("sufficient t3.small capacity in the Availability Zone you requested (eu-west-1a)", failed["StatusMessage"])
        self.assertIn("or choosing eu-west-1b", failed["StatusMessage"])
        self.assertIn("Status Reason: ", failed["Description"])

    def test_a_type_that_no_zone_has_keeps_the_group_short_until_there_is_capacity(self):
        self.switch(no_capacity="t3.small")
        group(subnets=self.subnets, desired=1)
        self.assertEqual((described()["DesiredCapacity"], members()), (1, []))
        zones = {one["StatusMessage"].split("requested (")[1][:10] for one in self.activities()}
        self.assertEqual(zones, {"eu-west-1a", "eu-west-1b"})
        self.switch()
        self.eventually(lambda: len(members()) == 1, seconds=9)

    def test_the_account_s_quota_concerns_every_zone(self):
        self.switch(no_capacity="vcpu")
        quota = client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")["Quota"]
        self.assertEqual(quota["Value"], 5.0)
        group(subnets=self.subnets, desired=1)
        self.assertEqual(members(), [])
        [failed] = self.activities()
        self.assertIn("than your current vCPU limit of 5 allows", failed["StatusMessage"])
        run = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1}
        self.refused("VcpuLimitExceeded", client("ec2").run_instances, **run)

    def test_a_launch_by_hand_names_the_zone(self):
        self.switch(no_capacity="a")
        run = {"MinCount": 1, "MaxCount": 1, "LaunchTemplate": {"LaunchTemplateId": launch_template()}}
        refused = {"call": client("ec2").run_instances, "SubnetId": self.subnets[0], **run}
        self.assertIn("(eu-west-1a)", self.refused("InsufficientInstanceCapacity", **refused))
        client("ec2").run_instances(SubnetId=self.subnets[1], **run)


class PartialRegion(WeatherTest):
    def setUp(self):
        super().setUp()
        self.ec2 = client("ec2")
        _, self.subnets = network()

    def test_the_first_zone_has_no_nat_gateways(self):
        self.switch(partial_region="nat")
        call = {"SubnetId": self.subnets[0], "ConnectivityType": "private"}
        self.refused("NotAvailableInZone", self.ec2.create_nat_gateway, **call)
        self.ec2.create_nat_gateway(**{**call, "SubnetId": self.subnets[1]})

    def test_the_first_zone_lacks_an_instance_type(self):
        self.switch(partial_region="t3.small+nat")
        group(subnets=self.subnets, desired=2)
        self.assertEqual({one["AvailabilityZone"] for one in described()["Instances"]}, {"eu-west-1b"})
        run = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.small", "SubnetId": self.subnets[0]}
        self.refused("Unsupported", self.ec2.run_instances, **run)
        filters = [{"Name": "instance-type", "Values": ["t3.small"]}]
        for kind, first in (("availability-zone", "eu-west-1a"), ("availability-zone-id", "euw1-az3")):
            offered = self.ec2.describe_instance_type_offerings(LocationType=kind, Filters=filters)["InstanceTypeOfferings"]
            self.assertEqual(len(offered), 2)
            self.assertNotIn(first, [one["Location"] for one in offered])
